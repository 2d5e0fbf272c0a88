namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>A metric cannot be computed. The message is for the user, in upstream's words.</summary>
internal sealed class MetricException(string message, string ns = "") : Exception(message)
{
    /// <summary>Where the pods are.</summary>
    public string Namespace { get; } = ns;
}
