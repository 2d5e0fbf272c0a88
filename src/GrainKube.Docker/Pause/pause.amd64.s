# The program of a sandbox (x86-64): PID 1 that blocks every signal, waits for one at a time, reaps orphans, and ends on SIGTERM or SIGINT.
# A flat file: the ELF header and one program header are written here, so the result is what `objcopy -O binary` leaves of .text.
#   as -o pause.o pause.amd64.s && objcopy -O binary -j .text pause.o pause
    .text
    .set base, 0x400000
start:
    .byte 0x7f, 'E', 'L', 'F', 2, 1, 1, 0       # 64 bits, little endian, System V
    .quad 0
    .short 2, 62                                # executable, x86-64
    .long 1
    .quad base + entry - start
    .quad 64, 0                                 # program headers, no sections
    .long 0
    .short 64, 56, 1, 0, 0, 0
    .long 1, 5                                  # PT_LOAD, read and execute
    .quad 0, base, base
    .quad end - start, end - start
    .quad 0x1000
entry:
    lea  mask(%rip), %rbx
    xor  %edi, %edi                             # SIG_BLOCK
    mov  %rbx, %rsi
    xor  %edx, %edx
    push $8
    pop  %r10
    push $14                                    # rt_sigprocmask
    pop  %rax
    syscall
wait:
    mov  %rbx, %rdi
    xor  %esi, %esi
    xor  %edx, %edx
    push $8
    pop  %r10
    mov  $128, %eax                             # rt_sigtimedwait
    syscall
    cmp  $17, %eax                              # SIGCHLD
    je   reap
    cmp  $15, %eax                              # SIGTERM
    je   leave
    cmp  $2, %eax                               # SIGINT
    jne  wait
leave:
    xor  %edi, %edi
    mov  $231, %eax                             # exit_group
    syscall
reap:
    push $-1
    pop  %rdi
    xor  %esi, %esi
    push $1                                     # WNOHANG
    pop  %rdx
    xor  %r10d, %r10d
    push $61                                    # wait4
    pop  %rax
    syscall
    test %eax, %eax
    jg   reap
    jmp  wait
mask:
    .quad -1
end:
