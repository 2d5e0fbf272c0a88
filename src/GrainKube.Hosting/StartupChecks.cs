using System.Net;
using System.Net.Sockets;
using GrainKube.Kubelet.Runtime;
using GrainKube.Reconciliation;
using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.Hosting;

/// <summary>What can be known to be wrong before anything runs, so that a server that cannot work says one sentence and leaves no trace.</summary>
internal static class StartupChecks
{
    /// <exception cref="StartupException">Something is wrong.</exception>
    public static async Task RunAsync(GrainKubeOptions options, IServiceProvider services, CancellationToken cancel)
    {
        CheckControllers(options, services);
        CheckPort(options);
        if (options.Runtime == RuntimeKind.Docker && !options.NoNode)
        {
            await CheckEngineAsync(services, cancel);
        }
    }

    private static void CheckControllers(GrainKubeOptions options, IServiceProvider services)
    {
        if (options.Controllers.All(name => name == "*"))
        {
            return; // who they are need not be known, and to make them all takes a while
        }

        var known = services.GetServices<IReconciler>().Select(reconciler => reconciler.Name).Order(StringComparer.Ordinal).ToList();
        if (options.Controllers.FirstOrDefault(name => name != "*" && !known.Contains(name.TrimStart('-'))) is { } unknown)
        {
            throw new StartupException($"--controllers: '{unknown}' is no controller; there are {string.Join(", ", known)}") { IsUsage = true };
        }
    }

    private static void CheckPort(GrainKubeOptions options)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Parse(options.BindAddress), options.Port);
            probe.Start();
        }
        catch (SocketException error)
        {
            throw new StartupException($"cannot listen on {options.BindAddress}:{options.Port}: {error.Message}", error);
        }
    }

    private static async Task CheckEngineAsync(IServiceProvider services, CancellationToken cancel)
    {
        try
        {
            await services.GetRequiredService<IContainerRuntime>().GetInfoAsync(cancel);
        }
        catch (RuntimeException error)
        {
            throw new StartupException(error.Message, error);
        }
    }
}
