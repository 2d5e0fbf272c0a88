namespace GrainKube.Networking.Proxy.Services;

/// <summary>Names a Service.</summary>
internal readonly record struct ServiceName(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}/{Name}";
}
