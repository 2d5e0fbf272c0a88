namespace GrainKube.Hosting;

/// <summary>Adds service addresses, the service proxy, DNS and ingress of this process's node.</summary>
internal static class NetworkComposition
{
    public static void Add(ISiloBuilder silo, GrainKubeOptions options, string nodeName, string advertised)
    {
    }
}
