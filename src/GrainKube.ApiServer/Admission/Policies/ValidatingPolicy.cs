using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>A ValidatingAdmissionPolicy ready to be asked.</summary>
internal sealed class ValidatingPolicy : CompiledPolicy
{
    private const int LongestMessage = 5 * 1024;
    private const int LongestNote = 10 * 1024;
    private readonly Validation[] validations;
    private readonly (string Key, PolicyExpression Value)[] notes;

    private ValidatingPolicy(KubeObject item) : base(item, patches: false)
    {
        notes = [.. Entries("auditAnnotations").Select(a => ($"{Name}/{Text(a, "key")}", new PolicyExpression(Text(a, "valueExpression"), Environment, CelType.String, CelType.Null, CelType.Dyn)))];
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
    /// <param name="parameters">One set of parameters.</param>
    /// <param name="audit">Takes what the policy wants to be said in the audit log, by key.</param>
    public IEnumerable<PolicyRefusal> Refusals(PolicyInput input, CelValue parameters, IDictionary<string, string> audit)
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

        foreach (var (key, value) in notes)
        {
            var said = value.Evaluate(variables, budget);
            if (said.IsError && FailsClosed)
            {
                yield return new PolicyRefusal(said.AsError.Message);
            }
            else if (said.Kind == CelKind.String)
            {
                Say(audit, key, said.AsString);
            }
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
    }

    /// <summary>What several parameters make the policy say stands side by side; the same is said once.</summary>
    private static void Say(IDictionary<string, string> audit, string key, string text)
    {
        if (text.Length > LongestNote)
        {
            text = text[..LongestNote];
        }

        audit[key] = audit.TryGetValue(key, out var there) && there != text ? $"{there}, {text}" : text;
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
