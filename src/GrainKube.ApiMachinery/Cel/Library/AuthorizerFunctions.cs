using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary><c>authorizer.group('apps').resource('deployments').namespace('x').check('get').allowed()</c>.</summary>
internal static class AuthorizerFunctions
{
    private const string Authorizer = CelAuthorizer.TypeName;
    private const string Group = "kubernetes.authorization.GroupCheck";
    private const string Resource = CelAuthorizer.ResourceTypeName;
    private const string Path = "kubernetes.authorization.PathCheck";
    private const string Decision = "kubernetes.authorization.Decision";

    public static void AddTo(FunctionTable table)
    {
        Step(table, "path", Authorizer, Path, static (check, value) => check with { Path = value, IsResource = false }, static path => path.Trim().Length == 0 ? "path must not be empty" : null);
        Step(table, "group", Authorizer, Group, static (check, value) => check with { Group = value });
        Step(table, "resource", Group, Resource, static (check, value) => check with { Resource = value }, static resource => resource.Length == 0 ? "resource must not be empty" : null);
        Step(table, "subresource", Resource, Resource, static (check, value) => check with { Subresource = value });
        Step(table, "namespace", Resource, Resource, static (check, value) => check with { Namespace = value });
        Step(table, "name", Resource, Resource, static (check, value) => check with { Name = value });
        Step(table, "fieldSelector", Resource, Resource, static (check, value) => check with { FieldSelector = value });
        Step(table, "labelSelector", Resource, Resource, static (check, value) => check with { LabelSelector = value });
        table.Member("serviceAccount", $"{Authorizer}, string, string -> {Authorizer}", static a => ServiceAccount(Of(a[0]), a[1].AsString, a[2].AsString));
        foreach (var type in new[] { Path, Resource })
        {
            table.Member("check", $"{type}, string -> {Decision}", static a => CelValue.Of(new CelDecision(Of(a[0]).Decide(a[1].AsString))));
        }

        table.Member("allowed", $"{Decision} -> bool", static a => CelValue.Of(Answer(a[0]).Allowed));
        table.Member("reason", $"{Decision} -> string", static a => CelValue.Of(Answer(a[0]).Reason));
        table.Member("errored", $"{Decision} -> bool", static a => CelValue.Of(Answer(a[0]).Error.Length > 0));
        table.Member("error", $"{Decision} -> string", static a => CelValue.Of(Answer(a[0]).Error));
        table.Costs(static (_, _) => 350_000, "check");
    }

    private static CelAuthorizer Of(CelValue value) => (CelAuthorizer)value.AsOpaque;

    private static AccessAnswer Answer(CelValue value) => ((CelDecision)value.AsOpaque).Answer;

    /// <param name="table">Takes the function.</param>
    /// <param name="name">Its name.</param>
    /// <param name="from">The type that has it.</param>
    /// <param name="to">What it makes.</param>
    /// <param name="change">Puts the argument into the question.</param>
    /// <param name="complaint">What is wrong with an argument, or null.</param>
    private static void Step(FunctionTable table, string name, string from, string to, Func<AccessCheck, string, AccessCheck> change, Func<string, string?>? complaint = null) =>
        table.Member(name, $"{from}, string -> {to}", a => complaint?.Invoke(a[1].AsString) is { } wrong ? CelValue.Fail(wrong) : CelValue.Of(Of(a[0]).Step(to, change, a[1].AsString)));

    private static CelValue ServiceAccount(CelAuthorizer authorizer, string ns, string name) =>
        NameRules.DnsSubdomain(name).Count > 0 ? CelValue.Fail("Invalid service account name")
        : NameRules.DnsLabel(ns).Count > 0 ? CelValue.Fail("Invalid service account namespace")
        : CelValue.Of(authorizer.Step(Authorizer, static (check, account) => check with { ServiceAccount = account }, $"{ns}:{name}"));

    private sealed class CelDecision(AccessAnswer answer) : CelOpaque
    {
        private static readonly CelType DecisionType = CelType.Opaque(Decision);

        public AccessAnswer Answer => answer;

        public override CelType Type => DecisionType;

        public override bool Same(CelOpaque other) => other is CelDecision decision && decision.Answer == answer;
    }
}
