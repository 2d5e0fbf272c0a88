using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Evaluates the CEL conditions under which a webhook wants to be asked.</summary>
public interface IMatchConditions
{
    /// <summary>True where all conditions are true. One that is false decides, whatever the others come to.</summary>
    /// <param name="conditions">Names and expressions.</param>
    /// <param name="request">The AdmissionRequest (<c>request</c>); its members <c>object</c> and <c>oldObject</c> are the variables of that name.</param>
    /// <param name="user">For whom <c>authorizer</c> answers.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="MatchConditionException">A condition has no value, and none is false.</exception>
    ValueTask<bool> AreMetAsync(IReadOnlyList<V1MatchCondition> conditions, JsonObject request, UserInfo user, CancellationToken cancel);
}

/// <summary>A match condition cannot be evaluated; the message is shown to the user.</summary>
public sealed class MatchConditionException(string message) : Exception(message);
