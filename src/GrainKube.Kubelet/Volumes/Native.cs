using System.ComponentModel;
using System.Runtime.InteropServices;

namespace GrainKube.Kubelet.Volumes;

/// <summary>The few calls of the kernel that .NET does not offer.</summary>
internal static class Native
{
    private const ulong NoSuid = 2, NoDev = 4;
    private const int Detach = 2;

    /// <summary>Renames as the kernel does: a symbolic link itself, over what is there, at once.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void Rename(string from, string to) => Check(rename(from, to), $"rename {from} to {to}");

    /// <summary>Gives a file, or the link itself, to a group; the owner stays.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void ChangeGroup(string path, long group) => Check(lchown(path, -1, (int)group), $"chown {path}");

    /// <summary>Mounts memory on a directory.</summary>
    /// <param name="directory">An existing directory.</param>
    /// <param name="sizeBytes">Most it may hold; 0 leaves the kernel's default.</param>
    /// <exception cref="IOException">The kernel refuses, for example without CAP_SYS_ADMIN.</exception>
    public static void MountMemory(string directory, long sizeBytes) =>
        Check(mount("tmpfs", directory, "tmpfs", NoSuid | NoDev, sizeBytes > 0 ? FormattableString.Invariant($"size={sizeBytes}") : ""), $"mount tmpfs on {directory}");

    /// <exception cref="IOException">The kernel refuses.</exception>
    public static void Unmount(string directory) => Check(umount2(directory, Detach), $"unmount {directory}");

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
}
