// The program of a sandbox (arm64): PID 1 that blocks every signal, waits for one at a time, reaps orphans, and ends on SIGTERM or SIGINT.
// A flat file: the ELF header and one program header are written here, so the result is what `objcopy -O binary` leaves of .text.
//   aarch64-linux-gnu-as -o pause.o pause.arm64.s && aarch64-linux-gnu-objcopy -O binary -j .text pause.o pause
    .text
    .set base, 0x400000
start:
    .byte 0x7f, 'E', 'L', 'F', 2, 1, 1, 0       // 64 bits, little endian, System V
    .quad 0
    .short 2, 183                               // executable, AArch64
    .long 1
    .quad base + entry - start
    .quad 64, 0                                 // program headers, no sections
    .long 0
    .short 64, 56, 1, 0, 0, 0
    .long 1, 5                                  // PT_LOAD, read and execute
    .quad 0, base, base
    .quad end - start, end - start
    .quad 0x10000                               // right for kernels with pages of 4, 16 and 64 KiB
entry:
    mov  x0, #0                                 // SIG_BLOCK
    adr  x1, mask
    mov  x2, #0
    mov  x3, #8
    mov  x8, #135                               // rt_sigprocmask
    svc  #0
wait:
    adr  x0, mask
    mov  x1, #0
    mov  x2, #0
    mov  x3, #8
    mov  x8, #137                               // rt_sigtimedwait
    svc  #0
    cmp  w0, #17                                // SIGCHLD
    b.eq reap
    cmp  w0, #15                                // SIGTERM
    b.eq leave
    cmp  w0, #2                                 // SIGINT
    b.ne wait
leave:
    mov  x0, #0
    mov  x8, #94                                // exit_group
    svc  #0
reap:
    mov  x0, #-1
    mov  x1, #0
    mov  x2, #1                                 // WNOHANG
    mov  x3, #0
    mov  x8, #260                               // wait4
    svc  #0
    cmp  w0, #0
    b.gt reap
    b    wait
mask:
    .quad -1
end:
