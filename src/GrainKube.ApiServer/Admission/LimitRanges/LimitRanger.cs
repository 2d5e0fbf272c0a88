using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Objects;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.LimitRanges;

/// <summary>Gives containers the default requests and limits of their namespace, and holds pods and claims to its bounds.</summary>
internal sealed class LimitRanger(IObjectReader objects) : IMutatingAdmission, IValidatingAdmission
{
    private static readonly GroupResource LimitRanges = new("", "limitranges");

    public string Name => "LimitRanger";

    bool IMutatingAdmission.Handles(AdmissionRequest request) => request.Creates("", "pods");

    bool IValidatingAdmission.Handles(AdmissionRequest request) =>
        request.Creates("", "pods")
        || (request.Is("", "pods") && request.Subresource == "resize")
        || (request.Is("", "persistentvolumeclaims") && request.Subresource.Length == 0 && request.Operation is AdmissionOperation.Create or AdmissionOperation.Update);

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        foreach (var item in ItemsOf(request, "Container"))
        {
            if (request.Object is { } pod)
            {
                LimitDefaults.Apply(pod, item);
                request.LacksDefaults = true;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object?["spec"] is not JsonObject spec || !objects.All(LimitRanges, request.Key.Namespace).Any())
        {
            return ValueTask.CompletedTask;
        }

        var breaches = request.Key.Resource == "pods"
            ? ItemsOf(request, "Container").SelectMany(i => LimitBounds.OfContainers(spec, i)).Concat(ItemsOf(request, "Pod").SelectMany(i => LimitBounds.OfPod(spec, i))).ToList()
            : [.. ItemsOf(request, "PersistentVolumeClaim").SelectMany(i => LimitBounds.OfClaim(spec, i))];
        breaches = [.. breaches.Distinct(StringComparer.Ordinal)];
        return breaches.Count == 0
            ? ValueTask.CompletedTask
            : throw request.Forbidden(breaches.Count == 1 ? breaches[0] : $"[{string.Join(", ", breaches)}]");
    }

    private IEnumerable<V1LimitRangeItem> ItemsOf(AdmissionRequest request, string type) =>
        objects.All(LimitRanges, request.Key.Namespace).SelectMany(r => r.As<V1LimitRange>().Spec?.Limits ?? []).Where(l => l.Type == type);
}
