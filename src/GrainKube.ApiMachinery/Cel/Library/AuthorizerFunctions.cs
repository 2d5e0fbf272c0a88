using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Values;

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
        Step(table, "path", Authorizer, Path, static (check, value) => check with { Path = value, IsResource = false });
        Step(table, "group", Authorizer, Group, static (check, value) => check with { Group = value });
        Step(table, "resource", Group, Resource, static (check, value) => check with { Resource = value });
        Step(table, "subresource", Resource, Resource, static (check, value) => check with { Subresource = value });
        Step(table, "namespace", Resource, Resource, static (check, value) => check with { Namespace = value });
        Step(table, "name", Resource, Resource, static (check, value) => check with { Name = value });
        Step(table, "fieldSelector", Resource, Resource, static (check, _) => check);
        Step(table, "labelSelector", Resource, Resource, static (check, _) => check);
        table.Member("serviceAccount", $"{Authorizer}, string, string -> {Authorizer}", static a =>
            CelValue.Of(Of(a[0]).With(a[1].AsString, a[2].AsString)));
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

    private static void Step(FunctionTable table, string name, string from, string to, Func<AccessCheck, string, AccessCheck> change) =>
        table.Member(name, $"{from}, string -> {to}", a => CelValue.Of(Of(a[0]).Step(to, change, a[1].AsString)));

    private sealed class CelDecision(AccessAnswer answer) : CelOpaque
    {
        private static readonly CelType DecisionType = CelType.Opaque(Decision);

        public AccessAnswer Answer => answer;

        public override CelType Type => DecisionType;

        public override bool Same(CelOpaque other) => other is CelDecision decision && decision.Answer == answer;
    }
}
