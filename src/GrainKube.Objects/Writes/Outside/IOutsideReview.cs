using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Objects.Writes.Outside;

/// <summary>One write that others have a say in.</summary>
public interface IOutsideReview
{
    /// <summary>Somebody may want to change the object.</summary>
    bool Mutates { get; }

    /// <summary>Somebody may want to refuse the result.</summary>
    bool Validates { get; }

    /// <summary>Advice for the user that was given so far.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>What is to be said of this write in the audit log.</summary>
    IReadOnlyDictionary<string, string> AuditAnnotations { get; }

    /// <summary>Lets others change the object.</summary>
    /// <param name="prepared">The write, all in-process mutation done.</param>
    /// <param name="again">Runs in-process mutation over what others have made of the object.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <returns>The object as it shall be, in the storage version; null where nobody changed it.</returns>
    /// <exception cref="ApiException">The write is refused.</exception>
    Task<byte[]?> MutateAsync(PreparedWrite prepared, Func<byte[], Task<PreparedWrite>> again, CancellationToken cancel);

    /// <summary>Shows others the object as it would be stored.</summary>
    /// <exception cref="ApiException">The write is refused.</exception>
    Task ValidateAsync(PreparedWrite prepared, CancellationToken cancel);
}
