-- A database of schema 1, for SQLite and PostgreSQL. Made at commit 8542b46: a workspace with a text, a model, a
-- scorecard, two pins and a link to look only; one that was cut short; one that was erased.
CREATE TABLE schema (version INTEGER NOT NULL);
INSERT INTO schema VALUES (1);
CREATE TABLE workspaces (
	id VARCHAR(64) NOT NULL,
	version INTEGER NOT NULL,
	erased BOOLEAN NOT NULL,
	content TEXT NOT NULL,
	changed FLOAT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE tokens (
	hash VARCHAR(64) NOT NULL,
	workspace VARCHAR(64) NOT NULL,
	may_write BOOLEAN NOT NULL,
	made FLOAT NOT NULL,
	PRIMARY KEY (hash)
);
CREATE INDEX ix_tokens_workspace ON tokens (workspace);
INSERT INTO workspaces VALUES ('11111111111111111111111111111111', 2, FALSE, '{
 "version": 1,
 "text": {
  "upload": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "reading": {
   "unit": "auto",
   "encoding": null,
   "encodings": [],
   "text_column": null,
   "label_column": null,
   "id_column": null,
   "header": null
  },
  "tokenising": {
   "tokeniser": "glove",
   "lowercase": true,
   "punctuation": false,
   "fold_numbers": false,
   "hyphens": "split",
   "phrases": false,
   "phrase_file": "",
   "phrase_member": "",
   "phrase_changed": 0
  }
 },
 "pending": null,
 "vectors": null,
 "member": null,
 "settings": {
  "strategies": null,
  "values": {}
 },
 "runs": [
  {
   "id": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
   "config": {
    "strategy": "counts",
    "vector_size": 100,
    "window": 5,
    "min_count": 2,
    "negative": 5,
    "epochs": 20,
    "alpha": 0.025,
    "algorithm": "skip-gram",
    "sample": 0.001,
    "seed": 1,
    "context": "document",
    "dose": null,
    "pull": 0.1,
    "tau": 20.0,
    "blend": 0.3,
    "lockf": 1.0,
    "as_published": false
   },
   "text": "mine.txt",
   "corpus_folder": "/frozen/cache/texts/cccccccccccccccccccccccccccccccc",
   "rows_folder": null,
   "vectors": null,
   "source": {
    "upload": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "reading": {
     "unit": "auto",
     "encoding": null,
     "encodings": [],
     "text_column": null,
     "label_column": null,
     "id_column": null,
     "header": null
    },
    "tokenising": {
     "tokeniser": "glove",
     "lowercase": true,
     "punctuation": false,
     "fold_numbers": false,
     "hyphens": "split",
     "phrases": false,
     "phrase_file": "",
     "phrase_member": "",
     "phrase_changed": 0
    }
   },
   "vectors_path": null,
   "member": null,
   "asked": 0.0,
   "limit": 300.0,
   "title": ""
  }
 ],
 "removed": [],
 "left": null,
 "right": null,
 "shown": [],
 "pins": [
  "it''s",
  "dog"
 ],
 "colour": "",
 "doses": {},
 "score": {
  "left_out": [],
  "chosen": null,
  "reference": null,
  "seed": null,
  "pairs": null,
  "shown": {
   "identity": "dddddddddddddddddddddddddddddddd",
   "text": "cccccccccccccccccccccccccccccccc"
  }
 },
 "demo": null
}', 1795914088.6178522);
INSERT INTO workspaces VALUES ('22222222222222222222222222222222', 1, FALSE, '{
 "version": 1,
 "text": {
  "upload": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "reading": {
   "unit": "auto",
   "encoding": null,
   "encodings": [],
   "text_column": null,
   "label_column": null,
   "id_column": null,
   "header": null
  },
  "tokenising": {
   "tokeniser": "glove",
   "lowercase": true,
   "punctuation": false,
   "fold_numbers": false,
   "hyphens": "split",
   "phrases": false,
   "phrase_file": "",
   "phrase_member": "",
   "phrase_changed": 0
  }
 },
 "pending": null,
 "vectors": null,
 "member": null,
 "settings": {
  "strategies": null,
  "values": {}
 },
 "runs": [
  {
   "id": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
   "config": {
    "strategy": "counts",
    "vector_size": 100,
    "window": 5,
    "min_count": 2,
    "negative": 5,
    "epochs": 20,
    "alpha": 0.025,
    "algorithm": "skip-gram",
    "sample": 0.001,
    "seed": 1,
    "context": "document",
    "dose": null,
    "pull": 0.1,
    "tau": 20.0,
    "blend": 0.3,
    "lockf": 1.0,
    "as_published": false
   },
   "text": "mine.txt",
   "corpus_folder": "/frozen/cache/texts/cccccccccccccccccccccccccccccccc",
   "rows_folder": null,
   "vectors": null,
   "source": {
    "upload": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "reading": {
     "unit": "auto",
     "encoding": null,
     "encodings": [],
     "text_column": null,
     "label_column": null,
     "id_column": null,
     "header": null
    },
    "tokenising": {
     "tokeniser": "glove",
     "lowercase": true,
     "punctuation": false,
     "fold_numbers": false,
     "hyphens": "split",
     "phrases": false,
     "phrase_file": "",
     "phrase_member": "",
     "phrase_changed": 0
    }
   },
   "vectors_path": null,
   "member": null,
   "asked": 0.0,
   "limit": 300,
   "title": ""
  }
 ],
 "removed": [],
 "left": null,
 "right": null,
 "shown": [],
 "pins": [
  "it''s"
 ],
 "colour": "",
 "doses": {},
 "score": {
  "left_out": [],
  "chosen": null,
  "reference": null,
  "seed": null,
  "pairs": null,
  "shown": {
   "identity": "dddddddddddddddddddddddddddddddd",
   "text": "ccccccccccccccccc', 1795914088.6971865);
INSERT INTO workspaces VALUES ('33333333333333333333333333333333', 2, TRUE, '', 1795914088.7938623);
INSERT INTO tokens VALUES ('6260701069397d85f8f3a234b4087fe823db6d78e36a3a81ff0e2ef780439b85', '11111111111111111111111111111111', TRUE, 1795914088.4782243);
INSERT INTO tokens VALUES ('af07d5954de8329a3969ce45d41edd1c00f4ce34476c4376217f32d515156d8d', '11111111111111111111111111111111', FALSE, 1795914088.6698735);
INSERT INTO tokens VALUES ('483181f300ba924f3523f867a82dadf923dcdda488ca5c870232358730b85e00', '22222222222222222222222222222222', TRUE, 1795914088.6971865);
