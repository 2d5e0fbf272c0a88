using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Identity;

namespace GrainKube.ApiServer.Authorization;

/// <summary>The questions that plugins, and the expressions of policies, put to the authorizers about one request.</summary>
/// <param name="question">Who answers.</param>
/// <param name="asking">Who makes the request.</param>
/// <param name="before">What has been answered already, in a turn where nobody may wait for more; null where waiting harms nobody.</param>
internal sealed class AccessChecks(AccessQuestion question, UserInfo asking, IReadOnlyList<AnsweredCheck>? before)
{
    /// <summary>So many questions to somebody outside may one request raise.</summary>
    private const int MostWaits = 100;
    private List<AnsweredCheck>? found;

    public AccessChecks(AccessQuestion question, AdmissionRequest request) : this(question, request.User, request.Answers) { }

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

        return question.Known(asking, check) ?? throw new UnansweredCheckException(check);
    }

    /// <exception cref="UnansweredCheckException">A turn cannot wait for the answer.</exception>
    public ValueTask<bool> MayAsync(AccessCheck check, CancellationToken cancel) => EvaluateAsync(() => Decide(check).Allowed, cancel);

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
                found.Add(new AnsweredCheck(open.Check, await question.AskAsync(asking, open.Check, cancel)));
            }
        }
    }
}
