using GrainKube.ApiMachinery.Errors;
using GrainKube.Hosting;
using GrainKube.Objects.Store;

namespace GrainKube.Server;

/// <summary>Runs the server until it is asked to stop.</summary>
internal static class ServerRun
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(9.5);

    /// <returns>0 after an orderly stop, 1 where it could not start, 2 where its command line is at fault.</returns>
    public static async Task<int> RunAsync(GrainKubeOptions options, CancellationToken cancel)
    {
        try
        {
            using var deadline = TimeProvider.System.CreateTimer(_ => Leave(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            await using var host = await GrainKubeHost.StartAsync(options, cancel);
            Console.WriteLine($"grainkube: ready at {host.Address.GetLeftPart(UriPartial.Authority)}, kubeconfig {host.KubeconfigPath}");
            await using var stopping = host.Stopping.Register(() => deadline.Change(StopsWithin, Timeout.InfiniteTimeSpan));
            await host.WaitForShutdownAsync(cancel);
            return 0;
        }
        catch (StartupException error)
        {
            await Console.Error.WriteLineAsync($"grainkube: {error.Message}");
            return error.IsUsage ? 2 : 1;
        }
        catch (Exception passing) when (passing is OrleansException or StoreException or ApiException or TimeoutException)
        {
            // The cluster was in turmoil while this silo joined it.
            await Console.Error.WriteLineAsync($"grainkube: cannot join the cluster: {passing.Message}");
            return Supervisor.IsSupervised ? Supervisor.TryAgain : 1;
        }
        catch (UnauthorizedAccessException error)
        {
            await Console.Error.WriteLineAsync($"grainkube: {error.Message}");
            return 1;
        }
    }

    // The store is consistent at every moment and containers are adopted again: nothing that hangs is worth waiting for.
    private static void Leave()
    {
        Console.Error.WriteLine($"grainkube: not everything ended within {StopsWithin.TotalSeconds} s; leaving it");
        Environment.Exit(0);
    }
}
