using GrainKube.ApiMachinery.Cel.Library;

namespace GrainKube.ApiMachinery.Cel.Policies;

/// <summary>The variables of admission policies and webhook match conditions.</summary>
public static class PolicyTypes
{
    private static readonly CelType Strings = CelType.MapOf(CelType.String, CelType.String);
    private static readonly CelType Names = CelType.ListOf(CelType.String);

    private static readonly CelType Request = Object(
        "kubernetes.AdmissionRequest",
        ("kind", Object("kubernetes.GroupVersionKind", ("group", CelType.String), ("version", CelType.String), ("kind", CelType.String))),
        ("resource", Resource()),
        ("subResource", CelType.String),
        ("requestKind", Object("kubernetes.GroupVersionKind", ("group", CelType.String), ("version", CelType.String), ("kind", CelType.String))),
        ("requestResource", Resource()),
        ("requestSubResource", CelType.String),
        ("name", CelType.String),
        ("namespace", CelType.String),
        ("operation", CelType.String),
        ("userInfo", Object("kubernetes.UserInfo", ("username", CelType.String), ("uid", CelType.String), ("groups", Names), ("extra", CelType.MapOf(CelType.String, Names)))),
        ("dryRun", CelType.Bool),
        ("options", CelType.Dyn));

    private static readonly CelType Namespace = Object(
        "kubernetes.Namespace",
        ("metadata", Object(
            "kubernetes.NamespaceMetadata",
            ("name", CelType.String), ("generateName", CelType.String), ("namespace", CelType.String), ("labels", Strings), ("annotations", Strings), ("UID", CelType.String),
            ("creationTimestamp", CelType.Timestamp), ("deletionGracePeriodSeconds", CelType.Int), ("deletionTimestamp", CelType.Timestamp), ("generation", CelType.Int),
            ("resourceVersion", CelType.String), ("finalizers", Names))),
        ("spec", Object("kubernetes.NamespaceSpec", ("finalizers", Names))),
        ("status", Object("kubernetes.NamespaceStatus", ("phase", CelType.String), ("conditions", CelType.ListOf(CelType.Dyn)))));

    /// <summary>One operation of a patch, as <c>JSONPatch{…}</c> makes it.</summary>
    public static CelType JsonPatch { get; } = Object("JSONPatch", ("op", CelType.String), ("path", CelType.String), ("from", CelType.String), ("value", CelType.Dyn));

    /// <summary>What the match conditions of a webhook see.</summary>
    public static CelEnvironment MatchConditions { get; } = new(
    [
        new("object", CelType.Dyn),
        new("oldObject", CelType.Dyn),
        new("request", Request),
        new("authorizer", CelType.Opaque(CelAuthorizer.TypeName)),
        new("authorizer.requestResource", CelType.Opaque(CelAuthorizer.ResourceTypeName)),
    ]);

    /// <summary>What a policy's expressions see.</summary>
    /// <param name="item">Type of <c>object</c> and <c>oldObject</c>; dyn where it is not checked.</param>
    /// <param name="parameters">Type of <c>params</c>; null where the policy has none.</param>
    /// <param name="variables">Types of the policy's own variables that are known so far.</param>
    /// <param name="patches">Expressions may make <c>Object{…}</c> and <c>JSONPatch{…}</c>.</param>
    public static CelEnvironment Environment(CelType item, CelType? parameters, IReadOnlyDictionary<string, CelType> variables, bool patches = false)
    {
        List<KeyValuePair<string, CelType>> declared =
        [
            new("object", item),
            new("oldObject", item),
            new("request", Request),
            new("namespaceObject", Namespace),
            new("authorizer", CelType.Opaque(CelAuthorizer.TypeName)),
            new("authorizer.requestResource", CelType.Opaque(CelAuthorizer.ResourceTypeName)),
            new("variables", CelType.Object("kubernetes.variables", variables)),
        ];
        if (parameters is not null)
        {
            declared.Add(new("params", parameters));
        }

        return new CelEnvironment(declared, patches ? PatchType : null);
    }

    private static CelType? PatchType(string name) =>
        name == "JSONPatch" ? JsonPatch
        : name == "Object" || name.StartsWith("Object.", StringComparison.Ordinal) ? CelType.Object(name, static _ => CelType.Dyn)
        : null;

    private static CelType Resource() => Object("kubernetes.GroupVersionResource", ("group", CelType.String), ("version", CelType.String), ("resource", CelType.String));

    private static CelType Object(string name, params (string Name, CelType Type)[] fields) => CelType.Object(name, fields.ToDictionary(f => f.Name, f => f.Type));
}
