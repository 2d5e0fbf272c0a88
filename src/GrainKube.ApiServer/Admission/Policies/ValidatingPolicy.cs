using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>A ValidatingAdmissionPolicy ready to be asked.</summary>
internal sealed class ValidatingPolicy : CompiledPolicy
{
    private const int LongestMessage = 5 * 1024;
    private readonly Validation[] validations;

    private ValidatingPolicy(KubeObject item) : base(item, patches: false) =>
        validations =
        [
            .. Entries("validations").Select(v => new Validation(
                new PolicyExpression(Text(v, "expression"), Environment, CelType.Bool),
                Text(v, "messageExpression") is { Length: > 0 } text ? new PolicyExpression(text, Environment, CelType.String) : null,
                Text(v, "message"),
                Text(v, "reason") is { Length: > 0 } reason ? reason : "Invalid")),
        ];

    public static ValidatingPolicy Of(KubeObject item) => item.Derive(static found => new ValidatingPolicy(found));

    /// <summary>Everything that the policy has against the request.</summary>
    public IEnumerable<PolicyRefusal> Refusals(PolicyInput input, CelValue parameters)
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
