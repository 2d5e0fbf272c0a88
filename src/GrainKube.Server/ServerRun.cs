using GrainKube.Hosting;

namespace GrainKube.Server;

/// <summary>Runs the server until it is asked to stop.</summary>
internal static class ServerRun
{
    /// <returns>0 after an orderly stop, 1 where it could not start.</returns>
    public static async Task<int> RunAsync(GrainKubeOptions options, CancellationToken cancel)
    {
        try
        {
            await using var host = await GrainKubeHost.StartAsync(options, cancel);
            Console.WriteLine($"grainkube: ready at {host.Address.GetLeftPart(UriPartial.Authority)}, kubeconfig {host.KubeconfigPath}");
            await host.WaitForShutdownAsync(cancel);
            return 0;
        }
        catch (StartupException error)
        {
            await Console.Error.WriteLineAsync($"grainkube: {error.Message}");
            return 1;
        }
        catch (UnauthorizedAccessException error)
        {
            await Console.Error.WriteLineAsync($"grainkube: {error.Message}");
            return 1;
        }
    }
}
