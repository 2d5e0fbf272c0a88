using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;

namespace GrainKube.Controllers.Disruption;

/// <summary>The condition <c>DisruptionAllowed</c>, which also says of which generation it speaks and always has a message.</summary>
internal static class BudgetCondition
{
    public static JsonArray Of(KubeObject budget, bool allowed, string reason, string message, DateTimeOffset now)
    {
        var conditions = Conditions.Of(budget);
        conditions.Set("DisruptionAllowed", allowed, reason, message, now);
        var condition = conditions["DisruptionAllowed"]!;
        condition["message"] = message;
        condition["observedGeneration"] = budget.Header.Generation;
        return conditions.ToJsonOrNull()!;
    }
}
