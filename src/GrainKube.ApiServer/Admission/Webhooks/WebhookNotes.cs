using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>What webhooks have to say beside yes and no. Validating ones speak at the same time.</summary>
internal sealed class WebhookNotes
{
    /// <summary>Longer warnings are cut, as upstream does, because headers are short.</summary>
    private const int LongestWarnings = 4096;
    private readonly Lock gate = new();
    private readonly List<string> warnings = [];
    private readonly Dictionary<string, string> annotations = new(StringComparer.Ordinal);
    private int calls;

    /// <summary>How often the webhooks are asked over again; named in the annotations.</summary>
    public int Round { get; set; }

    public IReadOnlyList<string> Warnings => warnings;
    public IReadOnlyDictionary<string, string> AuditAnnotations => annotations;

    public void Take(Webhook webhook, AdmissionAnswer answer)
    {
        lock (gate)
        {
            foreach (var warning in answer.Warnings)
            {
                if (warnings.Sum(w => w.Length) + warning.Length <= LongestWarnings)
                {
                    warnings.Add(warning);
                }
            }

            foreach (var (key, value) in answer.AuditAnnotations)
            {
                annotations[$"{webhook.Name}/{key}"] = value;
            }
        }
    }

    /// <summary>A mutating webhook was asked.</summary>
    public void Asked(Webhook webhook, bool changed, JsonNode? patch)
    {
        if (!webhook.Mutates)
        {
            return;
        }

        lock (gate)
        {
            var place = $"round_{Round}_index_{calls++}";
            var entry = new JsonObject { ["configuration"] = webhook.Configuration, ["webhook"] = webhook.Name, ["mutated"] = changed };
            annotations[$"mutation.webhook.admission.k8s.io/{place}"] = entry.ToJsonString();
            if (changed)
            {
                entry.Remove("mutated");
                entry["patch"] = patch?.DeepClone();
                entry["patchType"] = "JSONPatch";
                annotations[$"patch.webhook.admission.k8s.io/{place}"] = JsonSerializer.Serialize(entry);
            }
        }
    }

    /// <summary>A webhook that could not be asked was passed over.</summary>
    public void FailedOpen(Webhook webhook)
    {
        lock (gate)
        {
            annotations[$"failed-open.{(webhook.Mutates ? "mutating" : "validation")}.webhook.admission.k8s.io/round_{Round}_index_{calls++}"] = webhook.Name;
        }
    }
}
