using System.ComponentModel;
using System.Runtime.InteropServices;

namespace GrainKube.Kubelet.Volumes;

/// <summary>The few calls of the kernel that .NET does not offer.</summary>
internal static class Native
{
    private const ulong NoSuid = 2, NoDev = 4;
    private const int Detach = 2;
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

    // struct statx has one layout on all architectures: gid at 24, mode at 28.
    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int statx(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] facts);
}
