# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for Amazon Personalize: no emulator of it can be had, so this is ours, from AWS's reference.

The calls that Rafilm's state machine makes, with the names of the SDK integrations; jobs that live by
the clock of the test; the limits and refusals that matter. It reads what was put into S3 as strictly as
the service says that it does, and writes rankings there. What it ranks by is no model at all.
https://docs.aws.amazon.com/personalize/latest/dg/API_Operations_Amazon_Personalize.html
"""
import csv
import io
import json
import re
from collections import Counter

from asl import TaskError

ARN = 'arn:aws:personalize:us-east-1:123456789012:'
GROUP, DATASET = ARN + 'dataset-group/rafilm-test', ARN + 'dataset/rafilm-test/INTERACTIONS'
RECIPE = 'arn:aws:personalize:::recipe/aws-user-personalization'
ROLE = 'arn:aws:iam::123456789012:role/training-data'
COLUMNS = ['USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE', 'EVENT_VALUE']
NAME = re.compile(r'[a-zA-Z0-9][a-zA-Z0-9\-_]{0,62}')
PENDING = 60
RUNNING = {'CREATE PENDING', 'CREATE IN_PROGRESS'}
DELETIONS = {'CREATE PENDING': 'PENDING', 'CREATE IN_PROGRESS': 'IN_PROGRESS', 'ACTIVE': 'COMPLETED', 'CREATE FAILED': 'FAILED'}

# Of each call: members that it must have, and that it may have.
CALLS = {
    'createDatasetImportJob': ('JobName DatasetArn DataSource RoleArn', 'ImportMode'),
    'describeDatasetImportJob': ('DatasetImportJobArn', ''),
    'createSolution': ('Name DatasetGroupArn', 'RecipeArn PerformAutoTraining'),
    'describeSolution': ('SolutionArn', ''),
    'updateSolution': ('SolutionArn', 'PerformAutoTraining'),
    'deleteSolution': ('SolutionArn', ''),
    'createSolutionVersion': ('SolutionArn', 'TrainingMode Name'),
    'describeSolutionVersion': ('SolutionVersionArn', ''),
    'listSolutionVersions': ('SolutionArn', 'MaxResults NextToken'),
    'stopSolutionVersionCreation': ('SolutionVersionArn', ''),
    'createBatchInferenceJob': ('JobName SolutionVersionArn JobInput JobOutput RoleArn', 'NumResults'),
    'describeBatchInferenceJob': ('BatchInferenceJobArn', ''),
    'createDataDeletionJob': ('JobName DatasetGroupArn DataSource RoleArn', ''),
    'listDataDeletionJobs': ('DatasetGroupArn', 'MaxResults NextToken'),
}


def refuse(error, message=''):
    raise TaskError('Personalize.' + error, message)


class Job:
    """What takes time: pending, in progress, then active or failed; `done` is called once, when it ends."""

    def __init__(self, stand_in, arn, seconds, done):
        self.stand_in, self.arn, self.made, self.done = stand_in, arn, stand_in.clock.now, done
        self.ends, self.final, self.more = self.made + seconds, None, {}

    def status(self):
        now = self.stand_in.clock.now
        if self.final is None and now >= self.ends:
            self.finish(self.done)
        if self.final is not None:
            return self.final
        return 'CREATE PENDING' if now < self.made + PENDING else 'CREATE IN_PROGRESS'

    def finish(self, done):
        self.final = 'ACTIVE'
        reason = done(self)
        if reason:
            self.final, self.more['FailureReason'] = 'CREATE FAILED', reason


class PersonalizeStandIn:
    def __init__(self, clock, s3):
        self.clock, self.s3 = clock, s3
        self.imports, self.solutions, self.versions, self.batches, self.deletions = {}, {}, {}, {}, {}
        self.interactions = None
        self.events = set()  # users of whom PutEvents has told; no import replaces those
        self.training_hours = 1.4
        self.seconds = {'import': 1200, 'solution': 120, 'version': 5400, 'batch': 1800, 'deletion': 12 * 3600}
        self.failures = {}   # kind of job -> why the next one fails
        self.refusals = {}   # call -> errors of its next times
        self.hangs = Counter()  # call -> how often its answer is lost, though it is done
        self.campaigns = set()  # names of solutions that have one
        self.calls = Counter()
        self.broken_lines = []  # put into the rankings

    def __call__(self, action, parameters):
        needed, optional = (set(names.split()) for names in CALLS[action])
        if not needed <= set(parameters) <= needed | optional:
            raise AssertionError(f'{action}: {sorted(parameters)}')
        self.calls[action] += 1
        for job in [*self.imports.values(), *self.versions.values(), *self.batches.values(), *self.deletions.values()]:
            job.status()
        if self.refusals.get(action):
            refuse(self.refusals[action].pop(0))
        result = getattr(self, '_' + action)(**parameters)
        if self.hangs[action] > 0:
            self.hangs[action] -= 1
            self.clock.now += 3600
        return result

    # -- what was made, and what of it runs

    def _find(self, jobs, arn):
        if arn not in jobs:
            refuse('ResourceNotFoundException', arn)
        return jobs[arn]

    def _new(self, jobs, kind, arn, done, limit):
        if arn in jobs:
            refuse('ResourceAlreadyExistsException', arn)
        if sum(job.status() in RUNNING for job in jobs.values()) >= limit:
            refuse('LimitExceededException', kind)
        jobs[arn] = Job(self, arn, self.seconds[kind], lambda job: self.failures.pop(kind, None) or done(job))
        return jobs[arn]

    def _made(self, kind, name):
        assert NAME.fullmatch(name), name
        return f'{ARN}{kind}/{name}'

    # -- interactions

    def _createDatasetImportJob(self, JobName, DatasetArn, DataSource, RoleArn, ImportMode='FULL'):
        assert (DatasetArn, RoleArn, ImportMode) == (DATASET, ROLE, 'FULL')
        if any(job.status() in RUNNING for job in self.imports.values()):
            refuse('ResourceInUseException', 'the dataset is being imported')
        location = DataSource['DataLocation']
        arn = self._made('dataset-import-job', JobName)
        self._new(self.imports, 'import', arn, lambda _: self._import(location), 5)
        return {'DatasetImportJobArn': arn}

    def _objects(self, location):
        bucket, _, prefix = location.removeprefix('s3://').partition('/')
        assert prefix.endswith('/'), 'without a slash, folders with longer names would be taken too'
        for entry in self.s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get('Contents', []):
            yield bucket, entry['Key'], self.s3.get_object(Bucket=bucket, Key=entry['Key'])['Body'].read().decode()

    def _import(self, location):
        rows = []
        for _, key, text in self._objects(location):
            reader = csv.reader(io.StringIO(text))
            if next(reader) != COLUMNS:
                return f'{key}: columns differ from the schema'
            for row in reader:
                try:
                    user, item, when, kind, value = row
                    rows.append((user, item, int(when), kind, float(value)))
                except ValueError as error:
                    return f'{key}: {error}'
                if not (0 < len(user) <= 256 and 0 < len(item) <= 256 and int(when) >= 0):
                    return f'{key}: a value is out of bounds'
        if len(rows) < 1000:
            return f'{len(rows)} interactions are too few'
        self.interactions = rows
        return None

    def _describeDatasetImportJob(self, DatasetImportJobArn):
        job = self._find(self.imports, DatasetImportJobArn)
        return {'DatasetImportJob': {'DatasetImportJobArn': job.arn, 'Status': job.status(), **job.more}}

    # -- solutions and their versions

    def _createSolution(self, Name, DatasetGroupArn, RecipeArn, PerformAutoTraining=True):
        assert (DatasetGroupArn, RecipeArn) == (GROUP, RECIPE)
        job = self._new(self.solutions, 'solution', self._made('solution', Name), lambda _: None, 1)
        job.more['PerformAutoTraining'] = PerformAutoTraining
        return {'SolutionArn': job.arn}

    def _describeSolution(self, SolutionArn):
        job = self._find(self.solutions, SolutionArn)
        return {'Solution': {'SolutionArn': job.arn, 'Status': job.status(), **job.more}}

    def _updateSolution(self, SolutionArn, PerformAutoTraining):
        self._find(self.solutions, SolutionArn).more['PerformAutoTraining'] = PerformAutoTraining
        return {'SolutionArn': SolutionArn}

    def _of(self, solution):
        return {arn: job for arn, job in self.versions.items() if arn.startswith(solution + '/')}

    def _deleteSolution(self, SolutionArn):
        self._find(self.solutions, SolutionArn)
        if SolutionArn in self.campaigns or any(j.status() in RUNNING for j in self._of(SolutionArn).values()):
            refuse('ResourceInUseException', SolutionArn)
        for arn in [*self._of(SolutionArn)]:
            del self.versions[arn]
        del self.solutions[SolutionArn]
        return {}

    def _createSolutionVersion(self, SolutionArn, TrainingMode='FULL', Name=None):
        if self._find(self.solutions, SolutionArn).status() != 'ACTIVE':
            refuse('ResourceInUseException', SolutionArn)
        arn = f'{SolutionArn}/{len(self.versions) + 1:08x}'
        self._new(self.versions, 'version', arn, self._train, 20)
        return {'SolutionVersionArn': arn}

    def _train(self, job):
        if self.interactions is None:
            return 'there are no interactions'
        each = Counter(user for user, *_ in {row[:2] for row in self.interactions})
        if sum(each.values()) < 1000 or sum(n >= 2 for n in each.values()) < 25:
            return 'there are too few interactions'
        job.more['TrainingHours'] = self.training_hours
        return None

    def _version(self, job):
        return {'SolutionVersionArn': job.arn, 'Status': job.status(),
                'CreationDateTime': type(self.clock)(job.made).text(), **job.more}

    def _describeSolutionVersion(self, SolutionVersionArn):
        return {'SolutionVersion': self._version(self._find(self.versions, SolutionVersionArn))}

    def _listSolutionVersions(self, SolutionArn, MaxResults=100):
        self._find(self.solutions, SolutionArn)
        found = [self._version(job) for job in self._of(SolutionArn).values()]
        for version in found:
            version.pop('TrainingHours', None)
        return {'SolutionVersions': found[:MaxResults]}

    def _stopSolutionVersionCreation(self, SolutionVersionArn):
        job = self._find(self.versions, SolutionVersionArn)
        if job.status() not in RUNNING:
            refuse('ResourceInUseException', SolutionVersionArn)
        job.final = 'CREATE STOPPED'
        return {}

    # -- rankings

    def _createBatchInferenceJob(self, JobName, SolutionVersionArn, JobInput, JobOutput, RoleArn, NumResults=25):
        assert RoleArn == ROLE and 1 <= NumResults <= 500
        if self._find(self.versions, SolutionVersionArn).status() != 'ACTIVE':
            refuse('ResourceInUseException', SolutionVersionArn)
        source, target = JobInput['S3DataSource']['Path'], JobOutput['S3DataDestination']['Path']
        arn = self._made('batch-inference-job', JobName)
        self._new(self.batches, 'batch', arn, lambda _: self._rank(source, target, NumResults), 5)
        return {'BatchInferenceJobArn': arn}

    def _describeBatchInferenceJob(self, BatchInferenceJobArn):
        job = self._find(self.batches, BatchInferenceJobArn)
        return {'BatchInferenceJob': {'BatchInferenceJobArn': job.arn, 'Status': job.status(), **job.more}}

    def _rank(self, source, target, most):
        """What is popular and the user has not seen, in the form of AWS's examples."""
        popular = Counter(item for _, item, *_ in self.interactions)
        items = [item for item, _ in sorted(popular.items(), key=lambda entry: (-entry[1], entry[0]))]
        seen = {}
        for user, item, *_ in self.interactions:
            seen.setdefault(user, set()).add(item)
        bucket, _, prefix = target.removeprefix('s3://').partition('/')
        for _, key, text in self._objects(source):
            lines = []
            for line in text.splitlines():
                user = json.loads(line)['userId']
                if user not in seen:
                    lines.append(json.dumps({'input': {'userId': user}, 'output': None, 'error': 'unknown user'}))
                    continue
                best = [item for item in items if item not in seen[user]][:most]
                scores = [round(1 / (2 + index), 7) for index in range(len(best))]
                lines.append(json.dumps({'input': {'userId': user}, 'error': None,
                                         'output': {'recommendedItems': best, 'scores': scores}}))
            lines += self.broken_lines
            self.s3.put_object(Bucket=bucket, Key=f'{prefix}{key.rpartition("/")[2]}.out', Body='\n'.join(lines) + '\n')
        self.s3.put_object(Bucket=bucket, Key=f'{prefix}_CHECK', Body=b'')

    # -- accounts that have ended

    def _createDataDeletionJob(self, JobName, DatasetGroupArn, DataSource, RoleArn):
        assert (DatasetGroupArn, RoleArn) == (GROUP, ROLE)
        if any(job.status() in RUNNING for jobs in (self.imports, self.versions, self.batches) for job in jobs.values()):
            refuse('ResourceInUseException', 'the data is in use')
        arn = self._made('data-deletion-job', JobName)
        location = DataSource['DataLocation']
        self._new(self.deletions, 'deletion', arn, lambda _: self._delete(location), 5)
        return {'DataDeletionJobArn': arn}

    def _delete(self, location):
        users = set()
        for _, key, text in self._objects(location):
            header, *rows = csv.reader(io.StringIO(text))
            if header != ['USER_ID'] or any(len(row) != 1 for row in rows):
                return f'{key}: not one column USER_ID'
            users |= {row[0] for row in rows}
        if not users:
            return 'no file of users'
        self.events -= users
        self.interactions = [row for row in self.interactions or [] if row[0] not in users]
        return None

    def _listDataDeletionJobs(self, DatasetGroupArn, MaxResults=100):
        assert DatasetGroupArn == GROUP
        newest = sorted(self.deletions.values(), key=lambda job: -job.made)[:MaxResults]
        return {'DataDeletionJobs': [{'DataDeletionJobArn': job.arn, 'Status': DELETIONS[job.status()], **job.more}
                                     for job in newest]}
