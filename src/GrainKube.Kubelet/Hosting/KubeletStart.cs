using Microsoft.Extensions.Options;

namespace GrainKube.Kubelet.Hosting;

/// <summary>Starts the kubelets of this process once its silo is up; each retries by itself until it works.</summary>
internal sealed class KubeletStart(NodeAgents agents, IOptions<KubeletOptions> options) : IStartupTask
{
    public Task Execute(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (settings.NodeName.Length == 0)
        {
            return Task.CompletedTask;
        }

        if (settings.HasNode)
        {
            agents.Start(settings.NodeName);
        }

        for (var index = 0; index < settings.SimulatedNodes; index++)
        {
            agents.Start(NodeNames.Simulated(settings.NodeName, index));
        }

        return Task.CompletedTask;
    }
}
