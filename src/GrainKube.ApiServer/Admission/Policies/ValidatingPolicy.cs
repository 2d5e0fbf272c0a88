using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>A ValidatingAdmissionPolicy ready to be asked.</summary>
internal sealed class ValidatingPolicy : CompiledPolicy
{
    private const int LongestMessage = 5 * 1024;
    private readonly Validation[] validations;
    private readonly (string Key, PolicyExpression Value)[] annotations;

    private ValidatingPolicy(KubeObject item) : base(item, patches: false)
    {
        annotations = [.. Entries("auditAnnotations").Select(a => (Text(a, "key"), new PolicyExpression(Text(a, "valueExpression"), Environment, CelType.String, CelType.Null)))];
        validations =
        [
            .. Entries("validations").Select(v => new Validation(
                new PolicyExpression(Text(v, "expression"), Environment, CelType.Bool),
                Text(v, "messageExpression") is { Length: > 0 } text ? new PolicyExpression(text, Environment, CelType.String) : null,
                Text(v, "message"),
                Text(v, "reason") is { Length: > 0 } reason ? reason : "Invalid")),
        ];
    }

    public static ValidatingPolicy Of(KubeObject item) => item.Derive(static found => new ValidatingPolicy(found));

    /// <summary>Everything that the policy has against the request.</summary>
    /// <param name="input">The request.</param>
    /// <param name="parameters">The value of <c>params</c>.</param>
    /// <param name="notes">Takes what the policy wants to be said in the audit log.</param>
    public IEnumerable<PolicyRefusal> Refusals(PolicyInput input, CelValue parameters, IDictionary<string, string> notes)
    {
        var budget = new CelBudget(CelBudget.PerObject);
        var variables = Bind(input, parameters, budget);
        string? broken = null;
        try
        {
            if (!Applies(variables))
            {
                yield break;
            }
        }
        catch (PolicyConfigurationException wrong)
        {
            broken = wrong.Message;
        }

        if (broken is not null)
        {
            if (FailsClosed)
            {
                yield return new PolicyRefusal(broken);
            }

            yield break;
        }

        for (var i = 0; i < validations.Length; i++)
        {
            var validation = validations[i];
            var result = validation.Expression.Evaluate(variables, budget);
            if (result.IsError && FailsClosed)
            {
                yield return new PolicyRefusal(result.AsError.Message, Index: i);
            }
            else if (!result.IsError && !result.IsTrue)
            {
                yield return new PolicyRefusal(Message(validation, variables, budget), validation.Reason, i);
            }
        }

        foreach (var complaint in Annotate(variables, budget, notes))
        {
            yield return complaint;
        }
    }

    /// <summary>What several bindings say under one key is put after one another, each text once.</summary>
    private IEnumerable<PolicyRefusal> Annotate(PolicyVariables variables, CelBudget budget, IDictionary<string, string> notes)
    {
        foreach (var (key, expression) in annotations)
        {
            var value = expression.Evaluate(variables, budget);
            if (value.IsError && FailsClosed)
            {
                yield return new PolicyRefusal(value.AsError.Message);
            }
            else if (value.Kind == CelKind.String)
            {
                var said = notes.TryGetValue($"{Name}/{key}", out var there) ? there.Split(", ") : [];
                notes[$"{Name}/{key}"] = string.Join(", ", said.Append(value.AsString).Distinct(StringComparer.Ordinal));
            }
        }
    }

    /// <summary>A computed message that is empty, too long or of several lines gives way to the written one.</summary>
    private static string Message(Validation validation, PolicyVariables variables, CelBudget budget)
    {
        if (validation.MessageExpression?.Evaluate(variables, budget) is { Kind: CelKind.String } value
            && value.AsString.Trim() is { Length: > 0 and <= LongestMessage } text && !text.Contains('\n'))
        {
            return text;
        }

        return validation.Message.Trim() is { Length: > 0 } message ? message : $"failed expression: {validation.Expression.Text.Trim()}";
    }

    private sealed record Validation(PolicyExpression Expression, PolicyExpression? MessageExpression, string Message, string Reason);
}

/// <param name="Message">What the user is told.</param>
/// <param name="Reason">The reason of the Status; its code follows from it.</param>
/// <param name="Index">Which of the policy's expressions it was.</param>
internal sealed record PolicyRefusal(string Message, string Reason = "Invalid", int Index = 0);
