using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using GrainKube.Kubelet.Runtime;
using Microsoft.Win32.SafeHandles;

namespace GrainKube.Docker.Sandboxes;

/// <summary>
/// Sockets of another process' network. A socket belongs for ever to the network of the thread that made it, so a thread enters that network, makes the socket and ends.
/// </summary>
internal static class NetworkNamespace
{
    private const int CloneNewNetwork = 0x4000_0000;

    /// <exception cref="RuntimeException">The process is gone, or this process may not enter its network.</exception>
    public static Socket CreateSocket(int pid, AddressFamily family)
    {
        Socket? socket = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                socket = Create(pid, family);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or SocketException)
            {
                failure = error;
            }
        })
        {
            IsBackground = true,
        };

        // A thread of its own, never one of the pool: it ends with the network it has entered.
        thread.Start();
        thread.Join();
        return socket ?? throw new RuntimeException(RuntimeError.Other, $"cannot enter the network of process {pid}: {failure!.Message}", failure);
    }

    private static Socket Create(int pid, AddressFamily family)
    {
        using SafeFileHandle handle = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net"));
        return SetNamespace(handle, CloneNewNetwork) == 0
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
            : throw new IOException(Marshal.GetLastPInvokeErrorMessage());
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int SetNamespace(SafeFileHandle handle, int type);
}
