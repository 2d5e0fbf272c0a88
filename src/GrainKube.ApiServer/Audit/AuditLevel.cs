namespace GrainKube.ApiServer.Audit;

/// <summary>How much of a request is recorded.</summary>
internal enum AuditLevel
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Who asked for what, and what became of it.</summary>
    Metadata,

    /// <summary>The body of the request, too.</summary>
    Request,

    /// <summary>The body of the answer, too.</summary>
    RequestResponse,
}

/// <summary>When a request is recorded.</summary>
[Flags]
internal enum AuditStages
{
    None = 0,
    RequestReceived = 1,

    /// <summary>Of requests that take long (watches): the head of the answer is sent.</summary>
    ResponseStarted = 2,
    ResponseComplete = 4,
    Panic = 8,
}
