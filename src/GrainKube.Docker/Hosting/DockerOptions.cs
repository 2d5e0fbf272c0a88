namespace GrainKube.Docker.Hosting;

/// <summary>Which engine a node uses, and how what the node makes there is told from the rest.</summary>
public sealed class DockerOptions
{
    /// <summary>Where the engine listens: <c>unix://</c>, <c>http://</c> or <c>tcp://</c>. Default: <c>DOCKER_HOST</c>, otherwise <c>unix:///var/run/docker.sock</c>.</summary>
    public string Endpoint { get; set; } =
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host : "unix:///var/run/docker.sock";

    /// <summary>The node's name. Containers carry it as a label, so several nodes can share one engine. Required.</summary>
    public string Node { get; set; } = "";

    /// <summary>Name of the pod network on the engine. Default: <c>grainkube-</c> and the node's name.</summary>
    public string Network { get; set; } = "";

    internal string NetworkName => Network.Length > 0 ? Network : $"grainkube-{Node}";
}
