using Microsoft.Extensions.Hosting;

namespace GrainKube.ApiServer.Health;

/// <summary>Says that the process is about to stop, so that whoever sends requests sends them elsewhere.</summary>
internal sealed class ShutdownProbe(IHostApplicationLifetime lifetime) : IHealthProbe
{
    public string Name => "shutdown";

    public ProbeScope Scope => ProbeScope.Readiness;

    public ValueTask CheckAsync(CancellationToken cancel) => lifetime.ApplicationStopping.IsCancellationRequested ? throw new InvalidOperationException("process is shutting down") : ValueTask.CompletedTask;
}
