using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GrainKube.Kubelet.Volumes;

/// <summary>The few calls of the kernel that .NET does not offer.</summary>
internal static class Native
{
    private const ulong NoSuid = 2, NoDev = 4;
    private const int Detach = 2;
    // O_NOFOLLOW is one of the few flags whose bit depends on the architecture.
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;
    private const ulong Bind = 0x1000, Recursive = 0x4000;
    private const int AsPlace = 0x200000 | CloseOnExec, CloseOnExec = 0x80000; // O_PATH | O_CLOEXEC
    private const int EmptyPath = 0x1000;
    private const int CurrentDirectory = -100;
    private const uint BasicFacts = 0x7FF;
    private const int FactsSize = 256;

    /// <summary>Renames as the kernel does: a symbolic link itself, over what is there, at once.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void Rename(string from, string to) => Check(rename(from, to), $"rename {from} to {to}");

    /// <summary>Gives a file, or the link itself, to a group; the owner stays.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void ChangeGroup(string path, long group) => Check(lchown(path, -1, (int)group), $"chown {path}");

    /// <summary>Gives a file to a user; the group stays.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void ChangeOwner(string path, long user) => Check(lchown(path, (int)user, -1), $"chown {path}");

    /// <summary>Mounts memory on a directory.</summary>
    /// <param name="directory">An existing directory.</param>
    /// <param name="sizeBytes">Most it may hold; 0 leaves the kernel's default.</param>
    /// <exception cref="IOException">The kernel refuses, for example without CAP_SYS_ADMIN.</exception>
    public static void MountMemory(string directory, long sizeBytes) =>
        Check(mount("tmpfs", directory, "tmpfs", NoSuid | NoDev, sizeBytes > 0 ? FormattableString.Invariant($"size={sizeBytes}") : ""), $"mount tmpfs on {directory}");

    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void Unmount(string directory) => Check(umount2(directory, Detach), $"unmount {directory}");

    /// <summary>Opens a path as a place, without reading from it.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static SafeFileHandle Open(string path, bool follow) => Opened(openat(CurrentDirectory, path, follow ? AsPlace : AsPlace | NoFollow), path);

    /// <summary>Opens an entry of a directory; a symbolic link is opened as the link it is, which cannot be entered or mounted.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static SafeFileHandle OpenIn(SafeFileHandle directory, string name)
    {
        var handle = Opened(openat((int)directory.DangerousGetHandle(), name, AsPlace | NoFollow), name);
        if (IsLink(handle))
        {
            handle.Dispose();
            throw new IOException($"open {name}: a link is in the way");
        }

        return handle;
    }

    /// <summary>Mounts what was opened at a place.</summary>
    /// <returns>False where mounts are forbidden.</returns>
    public static bool TryBind(SafeFileHandle opened, string place) => mount($"/proc/self/fd/{opened.DangerousGetHandle()}", place, "", Bind | Recursive, "") == 0;

    /// <summary>The group that a file belongs to.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static long GroupOf(string path)
    {
        var facts = new byte[FactsSize];
        Check(statx(CurrentDirectory, path, 0, BasicFacts, facts), $"stat {path}");
        return BitConverter.ToUInt32(facts, 24);
    }

    public static FileKind KindOf(string path)
    {
        var facts = new byte[FactsSize];
        return statx(CurrentDirectory, path, 0, BasicFacts, facts) != 0 ? FileKind.Absent : (BitConverter.ToUInt16(facts, 28) & 0xF000) switch
        {
            0x4000 => FileKind.Directory,
            0x8000 => FileKind.File,
            0xC000 => FileKind.Socket,
            0x2000 => FileKind.CharacterDevice,
            0x6000 => FileKind.BlockDevice,
            _ => FileKind.Other,
        };
    }

    private static bool IsLink(SafeFileHandle handle)
    {
        var facts = new byte[FactsSize];
        Check(statx((int)handle.DangerousGetHandle(), "", EmptyPath, BasicFacts, facts), "stat");
        return (BitConverter.ToUInt16(facts, 28) & 0xF000) == 0xA000;
    }

    private static SafeFileHandle Opened(int descriptor, string path)
    {
        Check(descriptor < 0 ? -1 : 0, $"open {path}");
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static void Check(int result, string what)
    {
        if (result != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"{what}: {new Win32Exception(error).Message}");
        }
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int rename([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int lchown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int owner, int group);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int mount(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string source,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string target,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string type,
        ulong flags,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string data);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int umount2([MarshalAs(UnmanagedType.LPUTF8Str)] string target, int flags);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int openat(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    // struct statx has one layout on all architectures: gid at 24, mode at 28.
    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int statx(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] facts);
}
