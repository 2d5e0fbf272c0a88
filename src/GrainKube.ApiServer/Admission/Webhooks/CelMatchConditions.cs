using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Cel.Policies;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Admission.Policies;
using GrainKube.ApiServer.Authorization;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Match conditions are CEL, compiled once for all webhooks that have the same text.</summary>
internal sealed class CelMatchConditions(AccessQuestion question) : IMatchConditions
{
    private const int MostPrograms = 1000;
    private readonly CelEnvironment environment = PolicyTypes.MatchConditions;
    private readonly ConcurrentDictionary<string, PolicyExpression> programs = new(StringComparer.Ordinal);

    public ValueTask<bool> AreMetAsync(IReadOnlyList<V1MatchCondition> conditions, JsonObject request, UserInfo user, CancellationToken cancel)
    {
        // A webhook is asked between the turns of the object: waiting harms nobody.
        var checks = new AccessChecks(question, user, before: null);
        var resource = request["requestResource"] as JsonObject;
        var own = new AccessCheck
        {
            Group = Text(resource, "group"), Resource = Text(resource, "resource"), Subresource = Text(request, "requestSubResource"),
            Namespace = Text(request, "namespace"), Name = Text(request, "name"),
        };
        var bindings = environment.Bind()
            .Set("object", CelJson.Read(request["object"]))
            .Set("oldObject", CelJson.Read(request["oldObject"]))
            .Set("request", CelJson.Read(request))
            .Set("authorizer", CelValue.Of(CelAuthorizer.Of(checks.Decide)))
            .Set("authorizer.requestResource", CelValue.Of(CelAuthorizer.OfResource(own, checks.Decide)));
        return checks.EvaluateAsync(() => AreMet(conditions, bindings), cancel);
    }

    private bool AreMet(IReadOnlyList<V1MatchCondition> conditions, CelBindings bindings)
    {
        var budget = new CelBudget(CelBudget.MatchConditions);
        string? failure = null;
        foreach (var condition in conditions)
        {
            var value = ProgramOf(condition.Expression).Evaluate(bindings, budget);
            if (value.IsError)
            {
                failure ??= value.AsError.Message;
            }
            else if (!value.IsTrue)
            {
                return false;
            }
        }

        return failure is null ? true : throw new MatchConditionException(failure);
    }

    private PolicyExpression ProgramOf(string text)
    {
        if (programs.Count > MostPrograms)
        {
            programs.Clear();
        }

        return programs.GetOrAdd(text, static (expression, types) => new PolicyExpression(expression, types, CelType.Bool), environment);
    }

    private static string Text(JsonObject? item, string name) => item?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
