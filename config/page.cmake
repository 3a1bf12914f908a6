# SPDX-License-Identifier: Apache-2.0
# The control room's page as files to serve: ours, and OpenLayers as its package ships it, which .ci/npm.sh
# has fetched. Without that the page has no map, and says so.
set(BREACHD_PAGE ${CMAKE_BINARY_DIR}/page)
set(openlayers ${CMAKE_SOURCE_DIR}/build/npm/daemon/web/page/node_modules/ol)
file(GLOB page_files CONFIGURE_DEPENDS daemon/web/page/*.html daemon/web/page/*.css daemon/web/page/*.js
    daemon/web/page/*.svg)
if(EXISTS ${openlayers}/dist/ol.js)
    list(APPEND page_files ${openlayers}/dist/ol.js ${openlayers}/ol.css)
else()
    message(STATUS "no OpenLayers: the control room's page has no map (sh .ci/npm.sh page fetches it)")
endif()
foreach(file IN LISTS page_files)
    get_filename_component(name ${file} NAME)
    add_custom_command(OUTPUT ${BREACHD_PAGE}/${name} DEPENDS ${file}
        COMMAND ${CMAKE_COMMAND} -E copy ${file} ${BREACHD_PAGE}/${name})
    list(APPEND page_outputs ${BREACHD_PAGE}/${name})
endforeach()
add_custom_target(page ALL DEPENDS ${page_outputs})
install(DIRECTORY ${BREACHD_PAGE}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/breachd/web)
if(EXISTS ${openlayers}/LICENSE.md)
    install(FILES ${openlayers}/LICENSE.md DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME OpenLayers-LICENSE.md)
endif()
