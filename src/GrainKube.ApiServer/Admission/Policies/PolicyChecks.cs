using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Identity;

namespace GrainKube.ApiServer.Admission.Policies;

/// <summary>The questions that the expressions about one request put to the authorizers.</summary>
/// <param name="authorizer">Who answers.</param>
/// <param name="asking">Who makes the request.</param>
/// <param name="before">What has been answered already, in a turn where nobody may wait for more; null where waiting harms nobody.</param>
internal sealed class PolicyChecks(PolicyAuthorizer authorizer, UserInfo asking, IReadOnlyList<AnsweredCheck>? before)
{
    /// <summary>So many questions to somebody outside may the expressions about one request raise.</summary>
    private const int MostWaits = 100;
    private List<AnsweredCheck>? found;

    /// <summary>For <see cref="CelAuthorizer"/>.</summary>
    /// <exception cref="UnansweredCheckException">Nobody here knows.</exception>
    public AccessAnswer Decide(AccessCheck check)
    {
        foreach (var answered in before ?? found ?? [])
        {
            if (answered.Check == check)
            {
                return answered.Answer;
            }
        }

        return authorizer.Known(asking, check) ?? throw new UnansweredCheckException(check);
    }

    /// <summary>Evaluates, and where that stops at a question that may be waited for, has it answered and evaluates again.</summary>
    /// <param name="evaluate">May run several times: it leaves nothing behind that a further run would repeat.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="UnansweredCheckException">A turn cannot wait for the answer.</exception>
    public async ValueTask<T> EvaluateAsync<T>(Func<T> evaluate, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return evaluate();
            }
            catch (UnansweredCheckException open) when (before is null && (found ??= []).Count < MostWaits)
            {
                found.Add(new AnsweredCheck(open.Check, await authorizer.AskAsync(asking, open.Check, cancel)));
            }
        }
    }
}
