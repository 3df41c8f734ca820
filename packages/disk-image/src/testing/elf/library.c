// A library with a soname and an old-style RPATH:
//   gcc -shared -nostdlib -fno-stack-protector -fno-asynchronous-unwind-tables -s -Wl,--build-id=none -Wl,-z,noseparate-code -Wl,-z,norelro
//     -Wl,--hash-style=gnu -Wl,-soname,libneeded.so.3 -Wl,--disable-new-dtags -Wl,-rpath,/old/lib -o libneeded.so library.c
int needed(void) { return 0; }
