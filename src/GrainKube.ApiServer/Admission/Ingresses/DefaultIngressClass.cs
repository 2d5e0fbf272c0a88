using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission.Ingresses;

/// <summary>Gives an Ingress that names no class the default one: of several the newest, of equally old ones the first by name.</summary>
internal sealed class DefaultIngressClass(IObjectReader objects) : IMutatingAdmission
{
    private const string Group = "networking.k8s.io";
    private const string OldAnnotation = "kubernetes.io/ingress.class";
    private const string DefaultAnnotation = "ingressclass.kubernetes.io/is-default-class";
    private static readonly GroupResource Classes = new(Group, "ingressclasses");

    public string Name => "DefaultIngressClass";

    public bool Handles(AdmissionRequest request) => request.Creates(Group, "ingresses");

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object?["spec"] is { } spec && spec["ingressClassName"] is null && request.Object["metadata"]?["annotations"]?[OldAnnotation] is null && Default() is { } name)
        {
            spec["ingressClassName"] = name;
        }

        return ValueTask.CompletedTask;
    }

    private string? Default() => objects.All(Classes)
        .Where(c => (string?)c.ToNode()["metadata"]?["annotations"]?[DefaultAnnotation] == "true")
        .OrderByDescending(c => c.Header.CreationTimestamp)
        .ThenBy(c => c.Header.Name, StringComparer.Ordinal)
        .FirstOrDefault()?.Header.Name;
}
