namespace GrainKube.Reconciliation.CustomResources;

/// <summary>A rule in CEL that the value must meet, one of <c>x-kubernetes-validations</c>. With <c>oldSelf</c> it is about a change.</summary>
/// <param name="expression">For example <c>self == oldSelf</c>.</param>
/// <param name="message">What a client reads who breaks it.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RuleAttribute(string expression, string message) : Attribute
{
    /// <inheritdoc cref="RuleAttribute(string, string)" path="/param[@name='expression']"/>
    public string Expression { get; } = expression;

    /// <inheritdoc cref="RuleAttribute(string, string)" path="/param[@name='message']"/>
    public string Message { get; } = message;
}
