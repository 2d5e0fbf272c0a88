using k8s.Models;

namespace GrainKube.Kubelet.Images;

/// <summary>An image that a pod needs.</summary>
/// <param name="Reference">As the pod writes it.</param>
/// <param name="PullPolicy"><c>Always</c>, <c>IfNotPresent</c> or <c>Never</c>.</param>
/// <param name="Container">The container that runs it, which events are about; null where it is a volume.</param>
internal sealed record WantedImage(string Reference, string PullPolicy, V1Container? Container)
{
    public static WantedImage Of(V1Container container) => new(container.Image ?? "", container.ImagePullPolicy ?? "IfNotPresent", container);
}
