using GrainKube.ApiMachinery.Cel.Values;

namespace GrainKube.ApiMachinery.Cel.Library;

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
    /// <param name="decide">Answers a check at once, or ends the evaluation by an <see cref="UnansweredCheckException"/>.</param>
    public static CelAuthorizer Of(Func<AccessCheck, AccessAnswer> decide) => new(TypeName, new AccessCheck(), decide);

    /// <summary>For the variable <c>authorizer.requestResource</c>.</summary>
    public static CelAuthorizer OfResource(AccessCheck resource, Func<AccessCheck, AccessAnswer> decide) => new(ResourceTypeName, resource, decide);

    public override bool Same(CelOpaque other) => other is CelAuthorizer same && same.check == check;

    internal CelAuthorizer Step(string typeName, Func<AccessCheck, string, AccessCheck> change, string value) => new(typeName, change(check, value), decide);

    internal AccessAnswer Decide(string verb) => decide(check with { Verb = verb });
}
