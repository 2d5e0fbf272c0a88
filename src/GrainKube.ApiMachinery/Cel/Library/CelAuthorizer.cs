using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>What an expression asks of the authorizer.</summary>
public sealed record AccessCheck
{
    /// <summary>The user to ask for; null means the one who makes the request.</summary>
    public string? UserName { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public bool IsResource { get; init; } = true;
    public string Path { get; init; } = "";
    public string Group { get; init; } = "";
    public string Resource { get; init; } = "";
    public string Subresource { get; init; } = "";
    public string Namespace { get; init; } = "";
    public string Name { get; init; } = "";
    public string Verb { get; init; } = "";
}

/// <param name="Allowed">May it be done?</param>
/// <param name="Reason">Why, where known.</param>
/// <param name="Error">What went wrong, or empty.</param>
public sealed record AccessAnswer(bool Allowed, string Reason = "", string Error = "");

/// <summary>The variable <c>authorizer</c>, and each step of a question on the way to its check.</summary>
public sealed class CelAuthorizer : CelOpaque
{
    public const string TypeName = "kubernetes.authorization.Authorizer";
    public const string ResourceTypeName = "kubernetes.authorization.ResourceCheck";

    private readonly Func<AccessCheck, AccessAnswer> decide;
    private readonly AccessCheck check;

    private CelAuthorizer(string typeName, AccessCheck check, Func<AccessCheck, AccessAnswer> decide) =>
        (Type, this.check, this.decide) = (CelType.Opaque(typeName), check, decide);

    public override CelType Type { get; }

    /// <summary>For the variable <c>authorizer</c>.</summary>
    /// <param name="decide">Answers a check; it may not block for long.</param>
    public static CelAuthorizer Of(Func<AccessCheck, AccessAnswer> decide) => new(TypeName, new AccessCheck(), decide);

    /// <summary>For the variable <c>authorizer.requestResource</c>.</summary>
    public static CelAuthorizer OfResource(AccessCheck resource, Func<AccessCheck, AccessAnswer> decide) => new(ResourceTypeName, resource, decide);

    public override bool Same(CelOpaque other) => other is CelAuthorizer same && same.check == check;

    internal CelAuthorizer Step(string typeName, Func<AccessCheck, string, AccessCheck> change, string value) => new(typeName, change(check, value), decide);

    internal CelAuthorizer With(string ns, string account) => new(
        TypeName,
        check with { UserName = $"system:serviceaccount:{ns}:{account}", Groups = ["system:serviceaccounts", $"system:serviceaccounts:{ns}", "system:authenticated"] },
        decide);

    internal AccessAnswer Decide(string verb) => decide(check with { Verb = verb });
}
