using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>What policies want to be said of a request in the audit log.</summary>
internal sealed class PolicyNotes
{
    private const string FailuresKey = "validation.policy.admission.k8s.io/validation_failure";
    private readonly Dictionary<string, List<string>> said = new(StringComparer.Ordinal);
    private readonly JsonArray failures = [];

    /// <summary>An annotation; values that several bindings give are put after one another, each once.</summary>
    public void Say(string key, string value)
    {
        if (!said.TryGetValue(key, out var values))
        {
            said[key] = values = [];
        }

        if (!values.Contains(value))
        {
            values.Add(value);
        }
    }

    /// <summary>A validation that failed and is to be audited.</summary>
    public void Failed(string policy, string binding, PolicyRefusal found, IEnumerable<string> actions) => failures.Add((JsonNode)new JsonObject
    {
        ["message"] = found.Message,
        ["policy"] = policy,
        ["binding"] = binding,
        ["expressionIndex"] = found.Index,
        ["validationActions"] = new JsonArray([.. actions.Select(a => (JsonNode)a)]),
    });

    public void WriteTo(IDictionary<string, string> annotations)
    {
        foreach (var (key, values) in said)
        {
            annotations[key] = string.Join(", ", values);
        }

        if (failures.Count > 0)
        {
            annotations[FailuresKey] = failures.ToJsonString();
        }
    }
}
