// A program with an interpreter, a needed library that was never there, and a RUNPATH:
//   gcc -shared -nostdlib -Wl,-soname,libneeded.so.3 -o libneeded.so library.c
//   gcc -nostdlib -fno-stack-protector -fno-asynchronous-unwind-tables -s -Wl,--build-id=none -Wl,-z,noseparate-code -Wl,-z,norelro
//     -Wl,--hash-style=gnu -Wl,--enable-new-dtags -Wl,-rpath,'$ORIGIN/../lib:/opt/lib' -o program program.c -L. -l:libneeded.so
int needed(void);
void _start(void) { needed(); }
