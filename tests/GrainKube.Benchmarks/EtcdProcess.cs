using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace GrainKube.Benchmarks;

/// <summary>A real etcd with fsync, on loopback.</summary>
internal sealed class EtcdProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly string directory;

    private EtcdProcess(Process process, string directory, string url) => (this.process, this.directory, Url) = (process, directory, url);

    public string Url { get; }

    public static async Task<EtcdProcess> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("grainkube-bench-etcd-").FullName;
        var (client, peer) = ($"http://127.0.0.1:{FreePort()}", $"http://127.0.0.1:{FreePort()}");
        var process = Process.Start(new ProcessStartInfo(
            "etcd",
            $"--data-dir {directory} --listen-client-urls {client} --advertise-client-urls {client} --listen-peer-urls {peer} --initial-advertise-peer-urls {peer} --initial-cluster default={peer} --log-level error")
        {
            RedirectStandardError = true,
        })!;
        process.BeginErrorReadLine();
        using var http = new HttpClient();
        for (var i = 0; i < 100; i++)
        {
            try
            {
                if ((await http.GetAsync($"{client}/health")).IsSuccessStatusCode)
                {
                    break;
                }
            }
            catch (HttpRequestException)
            {
            }

            await Task.Delay(100);
        }

        return new EtcdProcess(process, directory, client);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
