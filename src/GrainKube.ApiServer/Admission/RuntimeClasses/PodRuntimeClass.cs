using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission.RuntimeClasses;

/// <summary>Gives a pod what its <c>runtimeClassName</c> stands for: overhead, node selector and tolerations. A class that is not there refuses the pod.</summary>
internal sealed class PodRuntimeClass(IObjectReader objects) : IMutatingAdmission
{
    public string Name => "RuntimeClass";

    public bool Handles(AdmissionRequest request) =>
        request.Is("", "pods") && request.Subresource.Length == 0 && request.Operation == AdmissionOperation.Create;

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object?["spec"] is not JsonObject spec)
        {
            return;
        }

        var overhead = spec["overhead"] as JsonObject;
        if ((string?)spec["runtimeClassName"] is not { Length: > 0 } name)
        {
            if (overhead is { Count: > 0 })
            {
                throw request.Forbidden("pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
            }

            return;
        }

        var item = await objects.FindAsync(new ObjectKey("node.k8s.io", "runtimeclasses", "", name), cancel)
            ?? throw request.Forbidden($"pod rejected: RuntimeClass \"{name}\" not found");
        var found = item.ToNode();
        request.LacksDefaults = true;
        SetOverhead(request, spec, overhead, found["overhead"]?["podFixed"] as JsonObject);
        SetScheduling(request, spec, found["scheduling"] as JsonObject);
    }

    private static void SetOverhead(AdmissionRequest request, JsonObject spec, JsonObject? given, JsonObject? defined)
    {
        if (defined is null or { Count: 0 })
        {
            if (given is { Count: > 0 })
            {
                throw request.Forbidden("pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
            }

            return;
        }

        if (given is { Count: > 0 } && !JsonNode.DeepEquals(given, defined))
        {
            throw request.Forbidden("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        }

        spec["overhead"] = defined.DeepClone();
    }

    private static void SetScheduling(AdmissionRequest request, JsonObject spec, JsonObject? scheduling)
    {
        if (scheduling?["nodeSelector"] is JsonObject { Count: > 0 } wanted)
        {
            if (spec["nodeSelector"] is not JsonObject selector)
            {
                spec["nodeSelector"] = selector = [];
            }

            foreach (var (key, value) in wanted)
            {
                if (selector[key] is { } own && (string?)own != (string?)value)
                {
                    throw request.Forbidden($"conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; pod.spec.nodeSelector[{key}] = {own}");
                }

                selector[key] = value?.DeepClone();
            }
        }

        if (scheduling?["tolerations"] is JsonArray { Count: > 0 } tolerations)
        {
            if (spec["tolerations"] is not JsonArray own)
            {
                spec["tolerations"] = own = [];
            }

            foreach (var toleration in tolerations.Where(added => !own.Any(present => JsonNode.DeepEquals(present, added))).ToList())
            {
                own.Add(toleration?.DeepClone());
            }
        }
    }
}
