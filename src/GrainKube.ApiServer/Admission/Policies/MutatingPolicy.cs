using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Policies;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.ManagedFields;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Patches;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>A MutatingAdmissionPolicy ready to edit.</summary>
internal sealed class MutatingPolicy : CompiledPolicy
{
    private static readonly CelType Patches = CelType.ListOf(PolicyTypes.JsonPatch);
    private readonly (PolicyExpression Expression, bool Applies)[] mutations;

    private MutatingPolicy(KubeObject item) : base(item, patches: true) =>
        mutations =
        [
            .. Entries("mutations").Select(m => Text(m, "patchType") == "JSONPatch"
                ? (new PolicyExpression(Text(m["jsonPatch"] as JsonObject ?? [], "expression"), Environment), false)
                : (new PolicyExpression(Text(m["applyConfiguration"] as JsonObject ?? [], "expression"), Environment), true)),
        ];

    public static MutatingPolicy Of(KubeObject item) => item.Derive(static found => new MutatingPolicy(found));

    /// <summary>Edits one step of the policy after the other; each sees what those before it made.</summary>
    /// <returns>The object after all; a tree of its own unless nothing applied.</returns>
    /// <exception cref="PolicyConfigurationException">An expression failed, or its patch does not fit.</exception>
    public JsonObject Mutate(JsonObject item, Schema? schema, Func<JsonObject, PolicyInput> inputOf, CelValue parameters)
    {
        var budget = new CelBudget(CelBudget.PerObject);
        if (!Applies(Bind(inputOf(item), parameters, budget)))
        {
            return item;
        }

        foreach (var (expression, applies) in mutations)
        {
            var value = expression.Evaluate(Bind(inputOf(item), parameters, budget), budget);
            if (value.IsError)
            {
                throw new PolicyConfigurationException(value.AsError.Message);
            }

            item = applies ? Applied(item, value, schema, expression.Text) : Patched(item, value, expression.Text);
        }

        return item;
    }

    private static JsonObject Applied(JsonObject item, CelValue value, Schema? schema, string text) =>
        value.Kind == CelKind.Map && value.AsMap.ObjectTypeName == "Object" && CelJson.TryWrite(value, out var node) && node is JsonObject applied
            ? ApplyMerge.Merge(item, applied, schema)
            : throw new PolicyConfigurationException($"expression '{text}' must evaluate to Object but got {value.Type}");

    private static JsonObject Patched(JsonObject item, CelValue value, string text)
    {
        if (value.Kind != CelKind.List || !CelJson.TryWrite(value, out var patch))
        {
            throw new PolicyConfigurationException($"expression '{text}' must evaluate to {Patches} but got {value.Type}");
        }

        try
        {
            return JsonPatch.Apply(item.DeepClone(), patch) as JsonObject ?? throw new PolicyConfigurationException($"expression '{text}' replaces the object by something else");
        }
        catch (ApiException wrong)
        {
            throw new PolicyConfigurationException($"error applying JSON Patch: {wrong.Status.Message}");
        }
    }
}
