/* SPDX-License-Identifier: Apache-2.0 */
/* sanitizer.h - whether this build watches its memory (AddressSanitizer): gcc and clang tell so. */
#ifndef ADAPTER_SANITIZER_H
#define ADAPTER_SANITIZER_H

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_SANITIZER 1
#elif defined(__has_feature)
#define UNDER_SANITIZER __has_feature(address_sanitizer)
#else
#define UNDER_SANITIZER 0
#endif

#endif
