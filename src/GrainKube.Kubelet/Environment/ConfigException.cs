namespace GrainKube.Kubelet.Environment;

/// <summary>A container's configuration refers to something that is not there; the message is upstream's.</summary>
internal sealed class ConfigException(string message) : Exception(message);
