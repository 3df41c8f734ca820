# Boot loader of the placeholder release. It is started by a BIOS exactly as the boot loader of Nanos is, but it loads no kernel:
# it says on COM1 that it is not Nanos, holds the disk against the layout of a Nanos image, and stops the virtual machine.
#
# GNU as, 16-bit real mode. Stage 1 is the first sector of the disk, which the BIOS loads at 0x7c00. It loads stage 2, the sectors
# after it, to 0x8000, as Nanos does (nanos platform/pc/boot/stage1.s).

        .code16

        .set    STAGE2_ADDRESS, 0x8000
        .set    BOOT_DISK, 0x80                 # the first disk; Nanos looks at no other
        .set    COM1, 0x3f8
        .set    DEBUG_EXIT, 0x501               # iobase of isa-debug-exit on a node
        .set    SECTOR_BYTES, 512

        # what the virtual machine ends with: QEMU exits with (code << 1) | 1
        .set    CODE_SOUND, 80                  # QEMU exits with 161
        .set    CODE_WRONG, 81                  # QEMU exits with 163

        # free memory below stage 1
        .set    mbr, 0x1000                     # sector 0 as it is on the disk
        .set    sector, 0x1200                  # the sector that was read last
        .set    drive, 0x1400                   # what the BIOS tells of the disk

        # offsets in sector 0
        .set    REGION, 426                     # boot region record: base u64, length u64, type u32
        .set    PARTITIONS, 446                 # four entries of 16 bytes
        .set    SIGNATURE, 510

        # offsets in a partition entry
        .set    STATUS, 0
        .set    TYPE, 4
        .set    FIRST_SECTOR, 8
        .set    SECTOR_COUNT, 12

# ---------------------------------------------------------------------------------------------------------------------- stage 1

        .section .stage1, "ax"
        .globl  _start
_start:
        ljmp    $0, $1f
1:      xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $0x7c00, %sp
        cld
        call    open_serial

        movw    $stage2_packet, %si
        call    read_disk
        cmpl    $0x48434c50, stage2             # "PLCH" in memory: the writer put stage 2 where it belongs
        je      stage2_start
        call    say
        .asciz  "placeholder: stage 2 does not follow the boot sector\n"
        movb    $CODE_WRONG, %al
        jmp     end

# Prints the text that follows the call, up to its NUL. Clobbers AX, DX, SI.
say:    popw    %si
1:      lodsb
        testb   %al, %al
        jz      2f
        call    put
        jmp     1b
2:      jmp     *%si

# Prints the character in AL. Clobbers AX, DX.
put:    movb    %al, %ah
        movw    $COM1 + 5, %dx                  # line status
1:      inb     %dx, %al
        testb   $0x20, %al                      # ready for a character?
        jz      1b
        movb    %ah, %al
        movw    $COM1, %dx
        outb    %al, %dx
        ret

# 115200 baud, 8 bits, no parity, no interrupts.
open_serial:
        movw    $serial_setup, %si
1:      lodsw                                   # AL: register, AH: value
        cmpb    $0xff, %al
        je      2f
        movw    $COM1, %dx
        addb    %al, %dl
        movb    %ah, %al
        outb    %al, %dx
        jmp     1b
2:      ret

# Reads from the disk what the packet at SI says. Does not return when the BIOS cannot.
read_disk:
        movb    $0x42, %ah                      # extended read
        movb    $BOOT_DISK, %dl
        int     $0x13
        jc      1f
        ret
1:      call    say
        .asciz  "\nplaceholder: the BIOS cannot read the disk\n"
        movb    $CODE_WRONG, %al

# Ends the virtual machine with the code in AL, once everything is printed.
end:    movb    %al, %ah
        movw    $COM1 + 5, %dx
1:      inb     %dx, %al
        testb   $0x40, %al                      # nothing left to send?
        jz      1b
        movb    %ah, %al
        movw    $DEBUG_EXIT, %dx
        outb    %al, %dx
        cli                                     # only without the device
2:      hlt
        jmp     2b

serial_setup:
        .byte   1, 0x00                         # no interrupts
        .byte   3, 0x80                         # divisor follows
        .byte   0, 0x01
        .byte   1, 0x00
        .byte   3, 0x03                         # 8N1
        .byte   0xff, 0

# Packet of an extended read: its size, 0, sectors, offset, segment, first sector (u64).
stage2_packet:
        .byte   16, 0
        .word   STAGE2_BYTES / SECTOR_BYTES, STAGE2_ADDRESS, 0
        .quad   1

        .org    REGION
        .quad   STAGE2_ADDRESS
        .quad   STAGE2_BYTES
        .long   12                              # file system (nanos src/x86_64/region.h)
        .org    SIGNATURE                       # the partition table is the image writer's
        .word   0xaa55

# ---------------------------------------------------------------------------------------------------------------------- stage 2

        .section .stage2, "ax"
stage2: .ascii  "PLCH"

        .macro  print text
        call    say
        .asciz  "\text"
        .endm

        # the line is wrong unless the flags say ⟨condition⟩
        .macro  expect condition
        j\condition 9f
        movb    $1, line_is_wrong
9:
        .endm

stage2_start:
        print   "placeholder: this is not Nanos, it runs no program\n"
        xorl    %eax, %eax
        movw    $mbr, %di
        call    read_sector
        call    check_signature
        call    check_region
        call    read_drive

        # the first partition begins after stage 1, stage 2 and 4096 bytes of kernel log
        movl    mbr + REGION + 8, %eax
        addl    $SECTOR_BYTES + 4096, %eax
        shrl    $9, %eax
        movl    %eax, expected_first
        movl    $12 * 1024 * 1024 / SECTOR_BYTES, expected_count
        movb    $'1', %al
        movw    $mbr + PARTITIONS, %bx
        call    check_partition

        # the second one follows at once and reaches to the end of the disk
        movl    mbr + PARTITIONS + FIRST_SECTOR, %eax
        addl    mbr + PARTITIONS + SECTOR_COUNT, %eax
        movl    %eax, expected_first
        movl    drive + 16, %ecx
        subl    %eax, %ecx
        movl    %ecx, expected_count
        movb    $'2', %al
        movw    $mbr + PARTITIONS + 16, %bx
        call    check_partition
        call    check_last_sector

        cmpb    $0, disk_is_wrong
        jne     1f
        print   "placeholder: the layout is sound\n"
        movb    $CODE_SOUND, %al
        jmp     end
1:      print   "placeholder: the layout is WRONG\n"
        movb    $CODE_WRONG, %al
        jmp     end

check_signature:
        print   "placeholder: signature "
        movzwl  mbr + SIGNATURE, %eax
        call    put_hex
        cmpl    $0xaa55, %eax
        expect  e
        jmp     verdict

check_region:
        print   "placeholder: boot region base "
        movl    mbr + REGION, %eax
        call    put_hex
        cmpl    $STAGE2_ADDRESS, %eax
        expect  e
        cmpl    $0, mbr + REGION + 4
        expect  e
        print   " length "
        movl    mbr + REGION + 8, %eax
        call    put_decimal
        cmpl    $STAGE2_BYTES, %eax
        expect  e
        cmpl    $0, mbr + REGION + 12
        expect  e
        print   " type "
        movl    mbr + REGION + 16, %eax
        call    put_decimal
        cmpl    $12, %eax
        expect  e
        jmp     verdict

# Asks the BIOS for the number of sectors: at drive + 16, u64.
read_drive:
        print   "placeholder: disk sectors "
        movw    $0x1a, drive                    # size of the answer
        movw    $drive, %si
        movb    $0x48, %ah
        movb    $BOOT_DISK, %dl
        int     $0x13
        expect  nc
        movl    drive + 16, %eax
        call    put_decimal
        cmpl    $0, drive + 20
        expect  e
        jmp     verdict

# Checks the entry at BX, whose number is the digit in AL, against expected_first and expected_count.
check_partition:
        movb    %al, %cl
        print   "placeholder: partition "
        movb    %cl, %al
        call    put
        print   " status "
        movzbl  STATUS(%bx), %eax
        call    put_hex
        cmpb    $0x80, %al
        expect  e
        print   " type "
        movzbl  TYPE(%bx), %eax
        call    put_hex
        cmpb    $0x83, %al
        expect  e
        print   " first "
        movl    FIRST_SECTOR(%bx), %eax
        call    put_decimal
        cmpl    expected_first, %eax
        expect  e
        print   " sectors "
        movl    SECTOR_COUNT(%bx), %eax
        call    put_decimal
        cmpl    expected_count, %eax
        expect  e
        movl    FIRST_SECTOR(%bx), %eax
        movw    $sector, %di
        call    read_sector
        movw    $sector, %si
        movw    $log_header, %di
        movw    $LOG_HEADER_BYTES, %cx
        repe cmpsb
        je      1f
        print   " no log"
        movb    $1, line_is_wrong
        jmp     verdict
1:      print   " magic NVMTFS version 5"
        jmp     verdict

# The disk is as long as the table says. On a short one the BIOS fails to read.
check_last_sector:
        print   "placeholder: last sector is there"
        movl    mbr + PARTITIONS + 16 + FIRST_SECTOR, %eax
        addl    mbr + PARTITIONS + 16 + SECTOR_COUNT, %eax
        decl    %eax
        movw    $sector, %di
        call    read_sector

# Ends a line of the report.
verdict:
        cmpb    $0, line_is_wrong
        jne     1f
        print   ": ok\n"
        ret
1:      print   ": WRONG\n"
        movb    $1, disk_is_wrong
        movb    $0, line_is_wrong
        ret

# Reads sector EAX to DI. Clobbers AX, DX, SI.
read_sector:
        movl    %eax, packet + 8
        movw    %di, packet + 4
        movw    $packet, %si
        jmp     read_disk

# Print EAX; all registers stay.
put_decimal:
        pushal
        movl    $10, %ecx
        jmp     put_number
put_hex:
        pushal
        pushl   %eax
        print   "0x"
        popl    %eax
        movl    $16, %ecx
put_number:
        xorw    %bp, %bp                        # how many digits
1:      xorl    %edx, %edx
        divl    %ecx
        pushw   %dx
        incw    %bp
        testl   %eax, %eax
        jnz     1b
2:      popw    %bx
        movb    digits(%bx), %al
        call    put
        decw    %bp
        jnz     2b
        popal
        ret

digits: .ascii  "0123456789abcdef"

# How every log begins: magic, version 5, one sector long (nanos src/fs/tlog.c).
log_header:
        .ascii  "NVMTFS"
        .byte   5, 1
        .set    LOG_HEADER_BYTES, . - log_header

expected_first: .long 0
expected_count: .long 0
line_is_wrong:  .byte 0
disk_is_wrong:  .byte 0
packet: .byte   16, 0
        .word   1, 0, 0
        .quad   0

        .balign SECTOR_BYTES
        .set    STAGE2_BYTES, . - stage2
