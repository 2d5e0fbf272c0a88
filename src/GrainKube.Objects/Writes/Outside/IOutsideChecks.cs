using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Identity;

namespace GrainKube.Objects.Writes.Outside;

/// <summary>Answers what admission policies ask of the authorizers, where the answer is not at hand in an object's turn. Like <see cref="IOutsideAdmission"/> it is asked between turns.</summary>
public interface IOutsideChecks
{
    /// <param name="asking">Who makes the request.</param>
    /// <param name="check">The question.</param>
    /// <param name="cancel">Stops waiting.</param>
    ValueTask<AccessAnswer> AskAsync(UserInfo asking, AccessCheck check, CancellationToken cancel);
}
