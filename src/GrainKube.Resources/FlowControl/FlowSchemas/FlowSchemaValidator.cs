using GrainKube.ApiMachinery.Validation;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.FlowControl.FlowSchemas;

internal sealed class FlowSchemaValidator : IValidator<V1FlowSchema>
{
    private const int Last = 10_000;
    private static readonly Dictionary<string, V1FlowSchemaSpec> Mandatory = DefaultFlowControl.Schemas()
        .Select(schema => KubernetesJson.Deserialize<V1FlowSchema>(schema.ToJsonString()))
        .Where(schema => DefaultFlowControl.IsMandatory(schema.Metadata.Name))
        .ToDictionary(schema => schema.Metadata.Name, schema => schema.Spec);

    public void Validate(V1FlowSchema item, FieldErrors errors)
    {
        var (name, place) = (item.Metadata?.Name ?? "", errors.At("spec"));
        Precedence(item.Spec.MatchingPrecedence ?? 0, name, place.At("matchingPrecedence"));
        if (item.Spec.DistinguisherMethod is { } method)
        {
            place.At("distinguisherMethod").At("type").OneOf(method.Type ?? "", "ByNamespace", "ByUser");
        }

        var level = item.Spec.PriorityLevelConfiguration?.Name ?? "";
        if (level.Length == 0)
        {
            place.At("priorityLevelConfiguration").At("name").Required("must reference a priority level");
        }
        else
        {
            place.At("priorityLevelConfiguration").At("name").Report(level, NameRules.DnsSubdomain(level));
        }

        for (var i = 0; i < item.Spec.Rules?.Count; i++)
        {
            FlowSchemaRuleRules.Check(item.Spec.Rules[i], place.At("rules").At(i));
        }

        if (Mandatory.TryGetValue(name, out var wanted) && !ModelEquality.AreSame(item.Spec, wanted))
        {
            place.Invalid(item.Spec, $"spec of '{name}' must equal the fixed value");
        }
    }

    public void ValidateStatusUpdate(V1FlowSchema next, V1FlowSchema current, FieldErrors errors) =>
        FlowControlConditions.Check((next.Status?.Conditions ?? []).Select(c => c.Type), errors.At("status").At("conditions"));

    private static void Precedence(int precedence, string name, FieldErrors errors)
    {
        if (precedence <= 0)
        {
            errors.Invalid(precedence, "must be a positive value");
        }
        else if (precedence > Last)
        {
            errors.Invalid(precedence, $"must not be greater than {Last}");
        }
        else if (precedence == 1 && name != DefaultFlowControl.Exempt)
        {
            errors.Invalid(precedence, "only the schema named 'exempt' may have matchingPrecedence 1");
        }
    }
}
