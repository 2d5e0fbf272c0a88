namespace GrainKube.ApiMachinery.Validation;

/// <summary>Finds everything wrong with an object of one kind; never stops at the first error, never changes the object.</summary>
/// <typeparam name="T">The kind's model in the storage version. Metadata's general rules are checked by the machinery before.</typeparam>
public interface IValidator<in T> where T : class
{
    /// <summary>Rules for every state of the object; called on create and, through the default of <see cref="ValidateUpdate"/>, on update.</summary>
    void Validate(T item, FieldErrors errors);

    /// <summary>Rules for a change of the object itself: immutable fields, allowed transitions.</summary>
    void ValidateUpdate(T next, T current, FieldErrors errors) => Validate(next, errors);

    /// <summary>Rules for a change through <c>/status</c>.</summary>
    void ValidateStatusUpdate(T next, T current, FieldErrors errors) { }

    /// <summary>Rules for what another subresource made of the object (<c>binding</c>, <c>ephemeralcontainers</c>, <c>resize</c>); most carry over so little that nothing can be wrong.</summary>
    void ValidateSubresource(string subresource, T next, T current, FieldErrors errors) { }

    /// <summary>False where <see cref="ValidateSubresource"/> has nothing to say: the models, which are dear to make, are not made then.</summary>
    bool HasRulesFor(string subresource) => true;

    /// <summary>Things that are allowed but unwise or on their way out; shown to the user as warnings, in upstream's words.</summary>
    /// <param name="next">What is written.</param>
    /// <param name="current">What is there; null on create. Some warnings are given once, others with each change.</param>
    /// <param name="warnings">Where they are added.</param>
    void Warn(T next, T? current, IList<string> warnings) { }
}
