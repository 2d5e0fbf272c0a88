namespace GrainKube.Kubelet.Plans;

/// <summary>Why a container could not be made to run, as its status shows it.</summary>
/// <param name="Reason">For example <c>ErrImagePull</c>.</param>
/// <param name="Message">What a person reads.</param>
/// <param name="RetryAt">Before this moment it is not tried again.</param>
/// <param name="Failures">How often in a row.</param>
internal sealed record StartFailure(string Reason, string Message, DateTimeOffset RetryAt, int Failures)
{
    /// <summary>The image that could not be pulled; empty where it is no matter of images.</summary>
    public string Image { get; init; } = "";

    /// <summary>The image that the container was to run; once it is to run another, the failure says nothing any more.</summary>
    public string ContainerImage { get; init; } = "";
}
