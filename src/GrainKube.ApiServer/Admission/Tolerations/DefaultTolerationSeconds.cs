using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;

namespace GrainKube.ApiServer.Admission.Tolerations;

/// <summary>A pod that says nothing stays for five minutes on a node that is not ready or not reachable.</summary>
internal sealed class DefaultTolerationSeconds : IMutatingAdmission
{
    private static readonly (string Taint, JsonElement Toleration)[] Defaults = [Default("node.kubernetes.io/not-ready"), Default("node.kubernetes.io/unreachable")];

    public string Name => "DefaultTolerationSeconds";

    public bool Handles(AdmissionRequest request) =>
        request.Is("", "pods") && request.Subresource.Length == 0 && (request.Operation is AdmissionOperation.Create or AdmissionOperation.Update);

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object?["spec"] is JsonObject spec)
        {
            var tolerations = spec["tolerations"] as JsonArray;
            var sent = tolerations?.Count ?? 0;
            foreach (var (taint, toleration) in Defaults)
            {
                if (Tolerates(tolerations, sent, taint))
                {
                    continue;
                }

                if (tolerations is null)
                {
                    spec["tolerations"] = tolerations = [];
                }

                tolerations.Add((JsonNode?)JsonObject.Create(toleration)); // unfolds only where somebody looks into it
            }
        }

        return ValueTask.CompletedTask;
    }

    private static (string, JsonElement) Default(string taint) =>
        (taint, JsonElement.Parse($$"""{"key":"{{taint}}","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}"""));

    private static bool Tolerates(JsonArray? tolerations, int count, string taint)
    {
        for (var i = 0; i < count; i++)
        {
            if (Tolerates(tolerations![i], taint))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Tolerates(JsonNode? toleration, string taint)
    {
        var key = (string?)toleration?["key"] ?? "";
        var effect = (string?)toleration?["effect"] ?? "";
        return (key.Length == 0 || key == taint) && (effect is "" or "NoExecute");
    }
}
