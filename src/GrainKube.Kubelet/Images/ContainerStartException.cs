namespace GrainKube.Kubelet.Images;

/// <summary>A container cannot be started now; reason and message go into its status.</summary>
/// <param name="reason">For example <c>ErrImagePull</c> or <c>CreateContainerConfigError</c>.</param>
/// <param name="message">What a person reads.</param>
/// <param name="recorded">The events that tell of it were recorded already.</param>
/// <param name="cause">What it comes from.</param>
internal sealed class ContainerStartException(string reason, string message, bool recorded = false, Exception? cause = null) : Exception(message, cause)
{
    public string Reason { get; } = reason;
    public bool Recorded { get; } = recorded;

    /// <summary>The image that could not be pulled; empty where it is no matter of images.</summary>
    public string Image { get; init; } = "";
}
